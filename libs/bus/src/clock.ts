/** The text of instants (milliseconds since 1970), ISO 8601 in UTC. To make one anew costs as much as to write the message that carries it, so each second's is made once. */
export function createClock(): (ms: number) => string {
  let second = Number.NaN
  let upToMs = ''
  return (ms) => {
    const whole = Math.floor(ms / 1000)
    if (whole !== second) {
      upToMs = new Date(whole * 1000).toISOString().slice(0, -'000Z'.length)
      second = whole
    }
    return `${upToMs}${String(ms - whole * 1000).padStart(3, '0')}Z`
  }
}
