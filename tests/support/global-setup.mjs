import { chmodSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder for what this run makes once and copies (`template.ts`), gone when the run ends. */
export default function setUp() {
  const folder = mkdtempSync(join(tmpdir(), 'workshop-test-run-'))
  // Servers may run as another user, who has to be able to walk in.
  chmodSync(folder, 0o755)
  process.env['WORKSHOP_TEST_RUN'] = folder
}
