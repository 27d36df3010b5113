import { spawnSync } from 'node:child_process'
import type { Typed } from './document.ts'
import { hasPsql, psqlEnvironment } from '../prompts/sql-psql.ts'
import { readTarget } from '../../kit/database/target.ts'
import type { Ground } from './ground.ts'

/**
 * What psql writes for the same lines, where this machine has one; undefined where not. The learner types them into one
 * of the two, so here they are taken back.
 */
export async function askPsql({ env, lines }: Typed, { folder, env: learners }: Ground): Promise<string[] | undefined> {
  if (!hasPsql()) return undefined
  const sign = '-- the answers --'
  // An experiment that takes itself back has a transaction of its own.
  const [begin, end] = lines[0] === 'BEGIN;' && lines.at(-1) === 'ROLLBACK;' ? [[], []] : [['BEGIN;'], ['ROLLBACK;']]
  const typed = [`\\echo ${sign}`, ...lines, `\\echo ${sign}`]
  const input = ['\\set ON_ERROR_ROLLBACK on', ...begin, ...typed, ...end, '']
  const { url } = readTarget(env, folder)
  // With both outputs on one pipe, an error stands where it happened.
  const { stdout } = spawnSync('bash', ['-c', 'exec psql -X 2>&1'], {
    input: input.join('\n'),
    encoding: 'utf8',
    env: { ...psqlEnvironment(url, learners), PATH: process.env['PATH'] },
  })
  return stdout.split(`${sign}\n`)[1]?.split('\n')
}
