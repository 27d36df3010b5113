import { seedPortal } from '../workshop/lab/seed-portal.ts'

// Rows for all 26 tables, made inside PostgreSQL: 10,000 recruits of the portal, and 50,000 rows around them. They get the
// numbers after the recruits that are there. --scale 1 makes a hundred times as many.
await seedPortal({
  reviews: {
    added: {
      project_id:
        '(SELECT e.project_id FROM submissions s JOIN enrolments e ON e.id = s.enrolment_id WHERE s.id = x.submission_id)',
    },
  },
  companies: { isNow: 'partners' },
  offers: { renamed: { company_id: 'partner_id' } },
})
