import { readFileSync } from 'node:fs'

/** What a process uses: memory now and the most it ever held, and its time on a processor so far. Linux only. */
export function usageOf(pid: number): { readonly nowKb: number; readonly peakKb: number; readonly cpuMs: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const kb = (field: string) => Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1])
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return { nowKb: kb('VmRSS'), peakKb: kb('VmHWM'), cpuMs: (Number(fields[11]) + Number(fields[12])) * 10 }
}
