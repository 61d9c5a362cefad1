import { endpoints } from '@afo/contracts'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** Method and path of every endpoint, taken from the contracts at build time: the schemas themselves stay out of the bundle. */
const routes = Object.fromEntries(Object.entries(endpoints).map(([name, { method, path }]) => [name, [method, path]]))

export default defineConfig({
  base: '/app/',
  plugins: [react()],
  define: { ROUTES: JSON.stringify(routes) },
  build: { target: 'es2023', chunkSizeWarningLimit: 700 },
})
