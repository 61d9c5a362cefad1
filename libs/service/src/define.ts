import type { Bus, Handlers } from '@afo/bus'
import type { JobName, ServiceName } from '@afo/contracts'
import type { Db } from '@afo/db'
import type { Closers, Log, ReadinessCheck, Registry, TimeScale } from '@afo/kit'
import type { XeroApi } from '@afo/xero'
import type { Router } from 'express'
import type { z } from 'zod'
import type { BaseConfig } from './config.js'
import type { Settled } from './settings.js'

/** A tick that asks for a job. Taken once however many replicas run (Postgres decides). */
export interface Schedule {
  readonly name: string
  /** Five fields, in BUSINESS_TIME_ZONE. */
  readonly cron: string
  readonly command: JobName
  readonly body: Record<string, unknown>
}

/** What a service is built from. */
export interface ServiceContext<C> {
  readonly name: ServiceName
  readonly config: BaseConfig & C
  readonly log: Log
  readonly db: Db
  readonly bus: Bus
  readonly settings: Settled
  readonly registry: Registry
  readonly scale: TimeScale
  readonly closers: Closers
  readonly signal: AbortSignal
}

export interface ServiceParts {
  readonly handlers?: Handlers
  readonly schedules?: readonly Schedule[]
  readonly routes?: Router
  readonly readiness?: readonly ReadinessCheck[]
}

interface Definition<C extends z.ZodObject> {
  readonly name: ServiceName
  /** The service's own environment variables. */
  readonly config: C
}

export interface PlainService<C extends z.ZodObject> extends Definition<C> {
  readonly xero: false
  /** The table of contents: dependencies, message to handler, schedules, routes. */
  readonly build: (context: ServiceContext<z.output<C>>) => ServiceParts | Promise<ServiceParts>
}

export interface XeroService<C extends z.ZodObject> extends Definition<C> {
  readonly xero: true
  readonly build: (
    context: ServiceContext<z.output<C>> & { readonly xero: XeroApi },
  ) => ServiceParts | Promise<ServiceParts>
}

export type ServiceDefinition<C extends z.ZodObject = z.ZodObject> = PlainService<C> | XeroService<C>

/** Says what a service is; {@link runService} runs it. */
export function defineService<C extends z.ZodObject>(definition: XeroService<C>): XeroService<C>
export function defineService<C extends z.ZodObject>(definition: PlainService<C>): PlainService<C>
export function defineService(definition: ServiceDefinition): ServiceDefinition {
  return definition
}
