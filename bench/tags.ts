/**
 * How long the tags of a long course take: 100, 300 and 1,000 generated steps, each with a migration of its own, and
 * what a glance costs that finds nothing to build. Medians of 3, in turns, each build in a fresh clone.
 *
 *     npm run bench tags
 */
import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { scratchFolder } from '../tests/support/server.ts'
import { courseIn, stepText, type ToyCourse } from '../tests/support/toy-course.ts'
import { areTagsStale, buildTags } from '../workshop/course/tags.ts'
import { measured, median } from '../tests/support/measure.ts'

const sizes = [100, 300, 1000]
const rounds = 3
const silent = () => {}
const folder = scratchFolder('workshop-bench-')

try {
  const courses = sizes.map((size) => [size, generated(size)] as const)
  const times = new Map(
    sizes.map((size) => [size, { build: [] as number[], again: [] as number[], glance: [] as number[] }]),
  )
  for (let round = 0; round < rounds; round++) {
    for (const [size, course] of courses) {
      const root = join(folder, `${size}-${round}`)
      cpSync(course.folder, root, { recursive: true })
      times.get(size)!.build.push(await measured(() => buildTags(silent, { root })))
      times.get(size)!.again.push(await measured(() => buildTags(silent, { root })))
      times.get(size)!.glance.push(await measured(() => areTagsStale(root)))
    }
  }
  for (const [size, { build, again, glance }] of times) {
    const each = ((median(build) / size) * 1000).toFixed(2)
    console.log(
      `${String(size).padStart(5)} steps   built ${inSeconds(build)} (${each} ms a step)   again ${inSeconds(again)}   nothing to do ${inSeconds(glance)}`,
    )
  }
  const each = sizes.map((size) => median(times.get(size)!.build) / size)
  const ratio = (each.at(-1)! / each[0]!).toFixed(2)
  console.log(`A step among ${sizes.at(-1)} takes ${ratio} times as long as one among ${sizes[0]} (1 is linear).`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** A course in which each step adds a migration and changes the model. */
function generated(size: number): ToyCourse {
  const course = courseIn(join(folder, String(size)))
  course.write('workshop/tool.ts', 'export {}\n')
  for (let n = 0; n < size; n++) {
    const step = `steps/${String(n).padStart(2, '0')}-step-${n}`
    course.write(`${step}/step.ts`, stepText(`Step ${n}`, ['Write the model.', 'npm run migrate -- dev']))
    course.write(`${step}/files/prisma/schema.prisma`, `model Recruit { id Int @id } // ${n}\n`)
    course.write(`${step}/files/prisma/migrations/${20250101000000 + n}_step/migration.sql`, `SELECT ${n};\n`)
  }
  course.git('init', '--quiet', '--initial-branch=main')
  course.commit('Make a long course')
  return course
}

function inSeconds(values: number[]): string {
  return `${median(values).toFixed(3)} s`
}
