import type { SettingFile } from '../../../kit/review/setting-checks.ts'

/** Files that say how migrations are run. */
export interface SettingCase {
  id: 'H14' | 'H21'
  title: string
  files: SettingFile[]
  /** As in `H21 package.json:3`. */
  finds: string[]
}

const packageJson = (script: string): SettingFile => ({
  path: 'package.json',
  text: `{\n  "scripts": {\n    "x": "${script}"\n  }\n}\n`,
})
const workflow = (...jobs: string[]): SettingFile => ({
  path: '.github/workflows/deploy.yml',
  text: `on: push\njobs:\n${jobs.join('\n')}\n`,
})

export const settingCorpus: readonly SettingCase[] = [
  {
    id: 'H14',
    title: 'a script that deploys',
    files: [packageJson('dotenv -e .env.prod -- prisma migrate deploy')],
    finds: ['H14 package.json:3'],
  },
  {
    id: 'H14',
    title: 'a workflow that deploys',
    files: [workflow('  deploy:', '    steps:', '      - run: npx prisma migrate deploy')],
    finds: ['H14 .github/workflows/deploy.yml:5'],
  },
  {
    id: 'H14',
    title: 'a script of the shell, and an env file without a limit',
    files: [
      { path: 'bin/release.sh', text: '#!/bin/sh\n# prisma migrate deploy\nexec npx prisma migrate deploy\n' },
      { path: '.env.prod', text: 'DATABASE_URL=postgresql://app@db/app\n' },
    ],
    finds: ['H14 bin/release.sh:3'],
  },
  {
    id: 'H14',
    title: 'a limit in the URL',
    files: [
      packageJson('dotenv -e .env.prod -- prisma migrate deploy'),
      { path: '.env.prod', text: 'DATABASE_URL="postgresql://app@db/app?options=-c%20lock_timeout%3D5s"\n' },
    ],
    finds: [],
  },
  {
    id: 'H14',
    title: 'a limit in the workflow, and a command that sets its own',
    files: [
      workflow(
        '  deploy:',
        '    env:',
        '      PGOPTIONS: -c lock_timeout=5s',
        '    steps:',
        '      - run: npx prisma migrate deploy',
      ),
      packageJson('npm run migrate -- deploy --env prod'),
    ],
    finds: [],
  },
  {
    id: 'H21',
    title: 'migrate dev with the env file of prod',
    files: [packageJson('dotenv -e .env.production -- npx prisma migrate dev')],
    finds: ['H21 package.json:3'],
  },
  {
    id: 'H21',
    title: 'db push in the job that knows the address of prod',
    files: [
      workflow(
        '  deploy:',
        '    env:',
        '      DATABASE_URL: ${{ secrets.PROD_DATABASE_URL }}',
        '    steps:',
        '      - run: npx prisma db push --accept-data-loss',
      ),
    ],
    finds: ['H21 .github/workflows/deploy.yml:7'],
  },
  {
    id: 'H21',
    title: 'a reset by the workshop’s own words',
    files: [{ path: 'again.sh', text: 'npm run migrate -- reset --env prod\n' }],
    finds: ['H21 again.sh:1'],
  },
  {
    id: 'H21',
    title: 'a shadow database that is the database itself',
    files: [
      {
        path: '.env',
        text: 'DATABASE_URL=postgresql://a:b@db:5432/app?schema=public\nSHADOW_DATABASE_URL=postgresql://c:d@db:5432/app\n',
      },
    ],
    finds: ['H21 .env:2'],
  },
  {
    id: 'H21',
    title: 'a shadow database on prod',
    files: [
      packageJson('prisma migrate diff --from-migrations prisma/migrations --shadow-database-url $PROD_URL --to-empty'),
    ],
    finds: ['H21 package.json:3'],
  },
  {
    id: 'H21',
    title: 'migrate dev on dev, beside a deploy to prod',
    files: [
      {
        path: 'package.json',
        text: `{
  "scripts": {
    "dev": "dotenv -e .env.dev -- prisma migrate dev",
    "reset": "prisma migrate reset",
    "deploy": "PGOPTIONS='-c lock_timeout=5s' dotenv -e .env.prod -- prisma migrate deploy"
  }
}`,
      },
    ],
    finds: [],
  },
  {
    id: 'H21',
    title: 'two jobs, each with its own database; a shadow database of its own',
    files: [
      workflow(
        '  test:',
        '    env:',
        '      DATABASE_URL: postgresql://postgres@localhost/test',
        '    steps:',
        '      - run: npx prisma migrate reset --force',
        '  deploy:',
        '    env:',
        '      DATABASE_URL: ${{ secrets.PROD_DATABASE_URL }}',
        '      PGOPTIONS: -c lock_timeout=5s',
        '    steps:',
        '      - run: npx prisma migrate deploy',
      ),
      { path: '.env', text: 'DATABASE_URL=postgresql://a@db/app\nSHADOW_DATABASE_URL=postgresql://a@db/shadow\n' },
    ],
    finds: [],
  },
]
