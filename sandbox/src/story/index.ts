export { Admin } from './admin.js'
export { judge, type Report } from './judge.js'
export { printReport } from './print.js'
export { type StoryOptions, tellStory } from './tell.js'
