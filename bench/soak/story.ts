/** All that happened to one command, in order: so that what went wrong can be understood without another run. */
import { GAUGE } from "./gauge-mark.ts";
import type { Command } from "./command.ts";
import type { Evidence } from "./evidence.ts";
import type { WireCall } from "./wire.ts";

type Line = { at: number; what: string };

const LONGEST_LINE = 400;

export function storyOf(keys: string[], command: Command | undefined, evidence: Evidence): string[] {
  const own = keys.filter((key) => key.length > 3);
  const isOwn = (text: string) => own.some((key) => text.includes(key));
  const lines = [
    ...(command?.notes ?? []).map(({ at, what }) => ({ at, what: `person: ${what}` })),
    ...callsOf(evidence, isOwn),
    ...logOf(evidence, isOwn),
  ];
  const from = Math.min(...lines.map(({ at }) => at));
  const to = Math.max(...lines.map(({ at }) => at));
  const ends = evidence.world.replicas.flatMap(({ process, startedAt, end }) => [
    { at: startedAt, what: `${process} is started` },
    ...(end
      ? [
          { at: end.at, what: `${process} gets ${end.by}` },
          { at: end.at + end.over, what: `${process} is over` },
        ]
      : []),
  ]);
  const around = ends.filter(({ at }) => at >= from - 1000 && at <= to + 1000);
  return [...lines, ...around]
    .toSorted((a, b) => a.at - b.at)
    .map(({ at, what }) => `${((at - from) / 1000).toFixed(3).padStart(9)}  ${what}`.slice(0, LONGEST_LINE));
}

const LONG_MILLISECONDS = 5000;

/** All calls that met a fault or took long, whosever they were: for what one command does to another. */
export function troublesOf({ world, commands }: Evidence): string[] {
  const from = commands[0]?.at ?? 0;
  return world.traffic.calls
    .filter(({ fault, at, endedAt = Infinity }) => fault ?? endedAt - at > LONG_MILLISECONDS)
    .map((call) => `${((call.at - from) / 1000).toFixed(3).padStart(9)}  ${wordsOf(call)}`.slice(0, LONGEST_LINE));
}

function wordsOf({ at, endedAt, process, service, method, path, status, fault }: WireCall): string {
  const took = endedAt === undefined ? "never ended" : `${endedAt - at} ms`;
  const short = path
    .replace(/\/(webhooks\/\d+|interactions\/\d+)\/[^/?]{20,}/, "/$1/…")
    .replace(/^\/e[0-9a-f-]{36}\//, "");
  return `${process} → ${service} ${method} ${short} ${status ?? "-"} ${took}${fault ? `  *** ${fault.name}` : ""}`;
}

function callsOf({ world, door }: Evidence, isOwn: (text: string) => boolean): Line[] {
  const calls = world.traffic.calls.filter(({ path, text }) => isOwn(decodeURIComponent(path)) || isOwn(text));
  const turns = door.calls.filter(({ text }) => isOwn(text));
  return [
    ...calls.map((call) => ({ at: call.at, what: wordsOf(call) })),
    ...turns.map(({ at, endedAt, process, status, isCopy }) => ({
      at,
      what: `${isCopy ? "a copy of the turn" : "the turn"} goes to ${process}: ${status ?? "-"} after ${(endedAt ?? at) - at} ms`,
    })),
  ];
}

function logOf({ world }: Evidence, isOwn: (text: string) => boolean): Line[] {
  return world.replicas.flatMap(({ process, subject }) =>
    subject.output
      .filter((line) => line.startsWith("{") && !line.includes(GAUGE) && isOwn(line))
      .map((line) => {
        const { time, level, msg, ...rest } = JSON.parse(line) as { time: string; level: number; msg: string };
        return { at: Date.parse(time), what: `${process} log ${level}: ${msg} ${JSON.stringify(rest)}` };
      }),
  );
}
