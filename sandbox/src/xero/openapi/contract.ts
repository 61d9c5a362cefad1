import type { Observed } from '../accounting/pipeline.js'

export interface Violation {
  readonly operation: string
  readonly where: string
  readonly problem: string
  readonly count: number
}

export class Contract {
  static async load(_path: string): Promise<Contract> {
    return new Contract()
  }
  observe(_observed: Observed): void {}
  violations(): readonly Violation[] {
    return []
  }
  clear(): void {}
}
