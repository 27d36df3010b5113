import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Step } from '../../../workshop/course/step.ts'
import { scratchFolder } from '../../support/server.ts'

/** A small course of its own: a folder with `steps/` in it. */
export interface ToySteps {
  root: string
  /** Writes a step; what is left out is filled in. */
  step(name: string, step?: Partial<Step>, files?: Record<string, string>): void
  write(path: string, text: string): void
  remove(): void
}

export function toySteps(): ToySteps {
  const root = scratchFolder('toy course ')
  mkdirSync(join(root, 'steps'))
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return {
    root,
    write,
    step(name, step = {}, files = {}) {
      const whole = { title: name, todo: ['Do it.'], checks: [{ kind: 'schema' }], ...step }
      write(`steps/${name}/step.ts`, stepText(JSON.stringify(whole)))
      for (const [path, text] of Object.entries(files)) write(`steps/${name}/files/${path}`, text)
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  }
}

/** A step.ts with these data in it. */
export function stepText(data: string): string {
  return `import type { Step } from '../../../workshop/course/step.ts'\n\nexport default ${data} satisfies Step\n`
}

/** A schema.prisma with a model Recruit, whose fields these are. */
export function toySchema(...fields: string[]): string {
  const model = `model Recruit {\n  id Int @id @default(autoincrement())\n${fields.join('\n')}\n  @@map("recruits")\n}\n`
  return [
    'generator client {\n  provider = "prisma-client"\n  output = "./generated"\n  importFileExtension = "ts"\n}\n',
    'datasource db {\n  provider = "postgresql"\n}\n',
    ...(fields.length > 0 ? [model] : []),
  ].join('\n')
}
