import pg from 'pg'
import {readFileSync} from 'node:fs'
const c=new pg.Client('postgresql://prod:prod@127.0.0.1:21028/bigg');await c.connect();const s=readFileSync('/tmp/w19-lab/p.sql','utf8');const t=performance.now();try{await c.query(s)}catch(e){console.log('ERR',e.message)};console.log(((performance.now()-t)/1000).toFixed(2));await c.end()