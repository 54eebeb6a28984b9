/** The quorum lesson: the same three blows for a group of 1, 2, 3, 4, 5, 6 and 7 members. */
import { count, type GeneratedFile, head } from './scenario-text.ts';

const MEMBERS = [1, 2, 3, 4, 5, 6, 7];

export function quorumLesson(): GeneratedFile[] {
  return MEMBERS.map((n) => ({
    path: `lessons/quorum-${n}-member${n === 1 ? '' : 's'}.yaml`,
    text: lesson(n),
  }));
}

function lesson(n: number): string {
  const quorum = Math.floor(n / 2) + 1;
  const spare = n - quorum;
  return `${head('quorum-lesson.ts', 'pass', `Quorum of ${count(n, 'member')}`, story(n, quorum, spare))}

topology:
  room: { zones: [a] }

nodes:
  server: { count: ${n} }

systems:
  etcd: { members: servers, profile: etcd-3.5 }

timeline:
${blows(n, quorum, spare).join('\n')}

${spare === 0 ? '' : '# Two outages: about a second until the others notice that the leader is dead, and while the majority is gone.\n'}objectives:
  - etcd write outages from room = ${spare === 0 ? 1 : 2}
  - etcd write longest outage from room >= 1m45s
  - etcd write longest outage from room <= 2m30s

run:
  duration: 12m
`;
}

function story(n: number, quorum: number, spare: number): string {
  const rule = `A group of ${count(n, 'member')} decides with ${quorum} of ${n}, so it can lose ${spare === 0 ? 'none' : spare}.`;
  const even =
    n % 2 === 0
      ? ` That is no more than ${n - 1} could lose: the ${n}th member costs a machine and gains nothing.`
      : '';
  if (spare === 0) return `${rule}${even} One member is killed for two minutes: all writes wait for it.`;
  const minority = spare === 1 ? 'One member that does not lead is' : `${spare} members that do not lead are`;
  return (
    `${rule}${even} First the leader is killed for a minute: what was sent to it is lost, what comes later waits a second or two for a new one. ${minority} killed next: ` +
    `nobody notices. Then ${quorum} members go at once, the leader among them: the ${n - quorum === 1 ? 'one left is' : `${n - quorum} left are`} alive ` +
    'and may decide nothing until enough are back.'
  );
}

function blows(n: number, quorum: number, spare: number): string[] {
  if (spare === 0) return [`  - { at: 8m, kill: leader of etcd, for: 2m } # 1 of ${n}`];
  return [
    '  - { at: 2m, kill: leader of etcd, for: 1m }',
    `  - { at: 5m, kill: minority of etcd, for: 1m } # ${spare} of ${n}`,
    `  - { at: 8m, kill: majority of etcd, for: 2m } # ${quorum} of ${n}`,
  ];
}
