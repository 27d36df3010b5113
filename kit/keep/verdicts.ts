import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { listSnapshots, type Snapshot } from './snapshots.ts'

/**
 * Notes beside a copy that the deploy after it has still to be judged. The note is a file, and not a row in PROD: a
 * migration runs as PROD's role, and may call whatever that role may call.
 */
export function awaitVerdict(snapshot: Snapshot): void {
  writeFileSync(note(snapshot), 'Nobody has counted yet what the deploy after this copy did.\n', {
    mode: 0o600,
    flush: true,
  })
}

export function awaitsVerdict(snapshot: Snapshot): boolean {
  return existsSync(note(snapshot))
}

/** The values were counted, or PROD was not changed, or another database stands in its place now. */
export function endVerdicts(): void {
  for (const snapshot of listSnapshots()) rmSync(note(snapshot), { force: true })
}

function note({ folder }: Snapshot): string {
  return join(folder, 'not-counted-yet')
}
