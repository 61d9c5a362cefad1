import { readFileSync } from 'node:fs'

/** What a process has used so far: the most memory it ever held, and its time on a processor. Linux only. */
export function usageOf(pid: number): { readonly peakKb: number; readonly cpuMs: number } {
  const [, peak = ''] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return { peakKb: Number(peak), cpuMs: (Number(fields[11]) + Number(fields[12])) * 10 }
}
