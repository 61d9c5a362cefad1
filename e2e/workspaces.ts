import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

export interface Workspace {
  /** Folder from the root, "libs/kit". */
  readonly folder: string
  /** Package name, "@afo/kit". */
  readonly name: string
  readonly dependencies: readonly string[]
}

const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true

/** Every workspace of the product: what the root package.json's patterns find. */
export function workspaces(): Workspace[] {
  const { workspaces: patterns } = readJson('package.json') as { workspaces: string[] }
  return patterns
    .flatMap((pattern) => (pattern.endsWith('/*') ? children(pattern.slice(0, -2)) : [pattern]))
    .filter((folder) => statSync(join(root, folder, 'package.json'), { throwIfNoEntry: false }) !== undefined)
    .map((folder) => {
      const manifest = readJson(`${folder}/package.json`) as { name: string; dependencies?: Record<string, string> }
      return { folder, name: manifest.name, dependencies: Object.keys(manifest.dependencies ?? {}) }
    })
}

export const readJson = (path: string): unknown => JSON.parse(readFileSync(join(root, path), 'utf8'))
export const readText = (path: string): string => readFileSync(join(root, path), 'utf8')

export function children(folder: string): string[] {
  return readdirSync(join(root, folder))
    .map((name) => `${folder}/${name}`)
    .filter((path) => isFolder(join(root, path)))
}

/** TypeScript files of a folder, as paths from the root; with tests or without. */
export function sources(folder: string, { tests }: { tests: boolean }): string[] {
  if (!isFolder(join(root, folder))) return []
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => relative(root, join(root, folder, name)))
    .filter((path) => /\.tsx?$/.test(path) && !/(^|\/)(node_modules|dist)\//.test(path))
    .filter((path) => tests || !/\.test\.tsx?$/.test(path))
}

/** What a file imports, dynamically too, as written; type-only imports count alike. */
export function imports(source: string): string[] {
  const pattern = /(?:from\s+|import\s+|import\(\s*)'([^']+)'/g
  return [...source.matchAll(pattern)].flatMap((match) => match[1] ?? [])
}

/** "@afo/kit/x" -> "@afo/kit"; "ioredis/built" -> "ioredis"; relative and node: paths give null. */
export function packageOf(specifier: string): string | null {
  if (specifier.startsWith('.') || specifier.startsWith('node:')) return null
  const parts = specifier.split('/')
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? null)
}

export const lineCount = (path: string): number => readText(path).trimEnd().split('\n').length
