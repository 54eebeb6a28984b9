import { parseString } from 'fast-csv';
import { describe, expect, it } from 'vitest';
import type { Run } from '../../sim/run.ts';
import { groupBy } from '../grouping.ts';
import { expectGolden } from '../testing/golden.ts';
import { calmRun, crowdedRun, hostileRun, quorumLossRun, threeZonesRun, yearRun } from '../testing.ts';
import { availabilityCsv, failoversCsv, summaryCsv, timelineCsv } from './index.ts';

const FILES: Record<string, { columns: string; write: (run: Run) => Promise<string> }> = {
  timeline: { columns: 'time_ms,system,node,event,term,detail,id,cause', write: timelineCsv },
  failovers: {
    columns:
      'system,group,fault,old_leader,new_leader,old_term,new_term,rounds,lost_at_ms,detected_ms,elected_ms,recovered_ms',
    write: failoversCsv,
  },
  availability: { columns: 'system,operation,vantage,from_ms,to_ms,state,cause', write: availabilityCsv },
  summary: {
    columns: 'system,operation,vantage,availability,degraded_ms,downtime_ms,outages,longest_outage_ms',
    write: summaryCsv,
  },
};

function parse(csv: string): Promise<Record<string, string>[]> {
  return new Promise((done, fail) => {
    const rows: Record<string, string>[] = [];
    parseString(csv, { headers: true, strictColumnHandling: true })
      .on('error', fail)
      .on('data-invalid', (row: unknown) => fail(new Error(`ragged row: ${JSON.stringify(row)}`)))
      .on('data', (row: Record<string, string>) => rows.push(row))
      .on('end', () => done(rows));
  });
}

describe.each(Object.entries(FILES))('%s.csv', (name, { columns, write }) => {
  it('has the columns of the contract, in every run', async () => {
    for (const run of [threeZonesRun(), quorumLossRun(), calmRun(), crowdedRun(), yearRun(), hostileRun()]) {
      const csv = await write(run);
      expect(csv.slice(0, csv.indexOf('\n'))).toBe(columns);
      expect(csv.endsWith('\n')).toBe(true);
      for (const row of await parse(csv)) expect(Object.keys(row)).toEqual(columns.split(','));
    }
  });

  it('is as it was judged', async () =>
    expectGolden(`three-zones/${name}.csv`, await write(threeZonesRun())));

  it('is the same bytes again', async () => {
    expect(await write(crowdedRun())).toBe(await write(crowdedRun()));
  });
});

describe('what the files say', () => {
  it('durations of a failover count from the loss; what did not happen is empty', async () => {
    const [etcd] = (await parse(await failoversCsv(threeZonesRun()))).filter((row) => row.system === 'etcd');
    expect(etcd).toMatchObject({
      fault: '1',
      lost_at_ms: '120000.000',
      recovered_ms: '7400.000',
      rounds: '2',
    });
    const lost = await parse(await failoversCsv(quorumLossRun()));
    for (const row of lost) expect(row).toMatchObject({ new_leader: '', new_term: '', recovered_ms: '' });
  });

  it('availability covers the run without gap, overlap or two neighbours of one state', async () => {
    const rows = await parse(await availabilityCsv(threeZonesRun()));
    const lanes = groupBy(rows, (row) => `${row.system} ${row.operation} ${row.vantage}`);
    expect(lanes.size).toBe(8 * 4);
    for (const lane of lanes.values()) {
      expect(lane[0]!.from_ms).toBe('0.000');
      expect(lane.at(-1)!.to_ms).toBe('600000.000');
      for (let i = 1; i < lane.length; i++) {
        expect(lane[i]!.from_ms).toBe(lane[i - 1]!.to_ms);
        expect(lane[i]!.state).not.toBe(lane[i - 1]!.state);
      }
    }
  });

  it('no cell of a hostile scenario begins like a formula', async () => {
    const run = hostileRun();
    for (const { write } of Object.values(FILES)) {
      for (const row of await parse(await write(run))) {
        for (const cell of Object.values(row)) expect(cell).not.toMatch(/^[=+\-@]/);
      }
    }
    expect((await parse(await timelineCsv(run))).map((row) => row.detail)).toContain("'@SUM(A1)");
  });
});
