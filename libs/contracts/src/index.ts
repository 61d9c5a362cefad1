export * from './envelope.js'
export * from './messages.js'
export * from './rpc/define.js'
export * from './text.js'
