import { connectTo } from '../database/connection.ts'
import type { Place } from '../database/target.ts'
import { Problem } from '../terminal/problem.ts'

/** DEV's server, once it has said that it is DEV: nothing is ever made on PROD's. */
export async function scratchServer(place: Place): Promise<string> {
  const dev = place.target('dev')
  try {
    const client = await connectTo(dev)
    await client.end()
    return dev.url
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    throw new Problem('The migrations cannot be replayed without DEV.', {
      why: `That is done in a scratch database on its server. ${error.message} ${error.why}`,
      next: error.next,
    })
  }
}
