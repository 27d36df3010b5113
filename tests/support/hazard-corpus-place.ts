import type { HazardCase } from './hazard-corpus.ts'

const one = (title: string, sql: string, finds: HazardCase['finds'] = ['H24']): HazardCase => ({
  id: 'H24',
  title,
  by: 'a person',
  sql,
  finds,
  squawk: finds.includes('H24') ? 'is blind' : 'is silent',
})

/** What may do something else on PROD than on a copy: H24. */
export const placeCases: readonly HazardCase[] = [
  one(
    'the name of the database',
    "DO $$ BEGIN IF current_database() = 'prod' THEN UPDATE recruits SET name = 'gone' WHERE id = 1; END IF; END $$;",
  ),
  one('the role', 'UPDATE recruits SET name = current_user WHERE id = 1;'),
  one('the moment', 'UPDATE recruits SET joined = now() WHERE id = 1;'),
  one('chance', 'UPDATE recruits SET name = md5(random()::text) WHERE id = 1;'),
  one('a setting', "SELECT set_config('x.y', current_setting('TimeZone'), true);"),
  one('the zone in which times are read', "SET timezone = 'Asia/Tokyo';"),
  one('the search path of those after it', 'ALTER ROLE prod SET search_path = evil, public;'),
  one(
    'the moment in a DEFAULT, which is for new rows',
    'CREATE TABLE logs (id int PRIMARY KEY, at timestamp DEFAULT now());',
    [],
  ),
  one('the word in a comment', '-- now() would be wrong here\nUPDATE recruits SET nick = NULL WHERE id = 1;', []),
]
