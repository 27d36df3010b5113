import type { Step } from '../../workshop/course/step.ts'

export default {
  title: 'Describe a recruit in the model',
  todo: [
    'Write a model Recruit into prisma/schema.prisma: first name, surname, chatname, github name, id number.',
    'Map the model to the table recruits, and its fields to first_name, surname, chatname, github_name, id_number.',
    'npx prisma validate  reads it. No database has changed.',
  ],
  checks: [{ kind: 'schema' }],
} satisfies Step
