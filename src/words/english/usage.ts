/** What was spent, and what is left of it. */

const grouped = (number: number) => number.toLocaleString("en");
const pictures = (count: number) => (count === 1 ? "one picture" : `${grouped(count)} pictures`);

/** “12.30 dollars”, “4 cents”, “nothing”. What is less than a cent is not nothing. */
function money(dollars: number): string {
  if (dollars <= 0) return "nothing";
  const cents = dollars * 100;
  if (cents < 0.95) return "less than a cent";
  if (cents < 99.5) return Math.round(cents) === 1 ? "1 cent" : `${Math.round(cents)} cents`;
  return `${dollars.toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 })} dollars`;
}

type Spent = { dollars: number; pictures: number };

const spent = ({ dollars, pictures: count }: Spent) => `${money(dollars)} for ${pictures(count)}`;

const periods: Record<string, string> = { day: "today", week: "this week", month: "this month" };
const everyPeriod: Record<string, string> = { day: "a day", week: "a week", month: "a month" };
const kinds: Record<string, string> = {
  person: "person",
  channel: "channel",
  model: "model",
  workspace: "server or organisation",
};

function when(at: string, timeZone: string): string {
  const day = new Date(at).toLocaleString("en-GB", {
    weekday: "long",
    day: "numeric",
    month: "long",
    hour: "2-digit",
    minute: "2-digit",
    timeZone,
  });
  return day.replace(/,? at /, ", ").replace(/, 00:00$/, "");
}

type Amount = { dollars?: number; pictures?: number };

function amount({ dollars, pictures: count }: Amount): string {
  const parts = [
    ...(dollars === undefined ? [] : [dollars <= 0 ? "no money" : money(dollars)]),
    ...(count === undefined ? [] : [count === 0 ? "no picture" : pictures(count)]),
  ];
  return parts.join(" and ");
}

export const usage = {
  title: "What your pictures cost",
  today: (sum: Spent) => `Today: ${spent(sum)}.`,
  month: (sum: Spent) => `This month: ${spent(sum)}.`,
  spentOfBudget: ({ per, ...sum }: Spent & { per: string }) => {
    const text = `${periods[per] ?? per}: ${spent(sum)}.`;
    return text.charAt(0).toUpperCase() + text.slice(1);
  },
  nothingToday: "Today: nothing so far.",
  nothingThisMonth: "This month: nothing so far.",
  held: ({ dollars, pictures: count }: Spent) =>
    `${money(dollars)} more ${count === 1 ? "is" : "are"} set aside for ${count ? pictures(count) : "what"} under way.`,
  noLimits: "No budget limits you here.",
  limits: "What is left:",
  left: ({
    whose,
    per,
    left,
    of,
    refillsAt,
    timeZone,
    isSoft,
  }: {
    whose: string;
    per: string;
    left: Amount;
    of: Amount;
    refillsAt: string;
    timeZone: string;
    isSoft: boolean;
  }) =>
    `${whose}: ${amount(left)} left of ${amount(of)} ${everyPeriod[per] ?? per}${isSoft ? " (a mark, which stops nothing)" : ""}. It refills on ${when(refillsAt, timeZone)}.`,
  amount,
  ofBot: "Everybody together",
  ofWorkspace: ({ platform }: { platform: string }) => (platform === "teams" ? "This organisation" : "This server"),
  ofChannel: "This channel",
  ofYou: "You",
  ofOwnLimit: "Your own limit",
  zone: ({ timeZone }: { timeZone: string }) => `Days are counted in the time zone ${timeZone}.`,

  ownLimit: "A limit of my own",
  ownTitle: "A limit of your own",
  ownExplanation:
    "It can only be lower than what is allowed here. Leave a field empty for no limit; you can change it at any time.",
  ownDollarsDay: "Dollars a day",
  ownDollarsMonth: "Dollars a month",
  ownPicturesDay: "Pictures a day",
  ownPicturesMonth: "Pictures a month",
  ownSave: "Save",
  ownSaved: "That is your own limit now.",
  ownGone: "You have no limit of your own any more.",

  myDays: "My days",
  days: "The days",
  daysTitle: "What each day cost",
  daysTitleBot: "What each day cost, everybody together",
  daysTitleMine: "What each of your days cost",
  daysText: ({ from, to, total }: { from: string; to: string; total: Spent }) =>
    `From ${dayOf(from)} to ${dayOf(to)}: ${spent(total)}. The last bar is today so far.`,
  daysAlt: ({ from, to, dearest }: { from: string; to: string; dearest?: { day: string; dollars: number } }) =>
    `Bars of what was spent on each day from ${dayOf(from)} to ${dayOf(to)}.${dearest ? ` The most was ${money(dearest.dollars)}, on ${dayOf(dearest.day)}.` : ""}`,
  by: ({ kind, per }: { kind: string; per: string }) => `By ${kinds[kind] ?? kind}, ${periods[per] ?? per}`,
  byOfBot: ({ kind, per }: { kind: string; per: string }) =>
    `By ${kinds[kind] ?? kind}, ${periods[per] ?? per}, everywhere`,
  byKind: ({ kind }: { kind: string }) => `By ${kinds[kind] ?? kind}`,
  line: ({ number, name, ...sum }: Spent & { number: number; name: string }) => `${number}. ${name}: ${spent(sum)}`,
  others: ({ count, ...sum }: Spent & { count: number }) =>
    `${count === 1 ? "One other" : `${grouped(count)} others`}: ${spent(sum)}`,
  total: (sum: Spent) => `In all: ${spent(sum)}.`,
  nothing: "Nothing was spent.",
  period: ({ per }: { per: string }) => {
    const name = periods[per] ?? per;
    return name.charAt(0).toUpperCase() + name.slice(1);
  },
  somebody: ({ person }: { person: string }) => `somebody (${person.slice(0, 8)})`,
  channelNamed: ({ name }: { name: string }) => `#${name.replace(/^#/, "")}`,
  channelUnnamed: ({ id }: { id: string }) => `a channel (…${id.slice(-8)})`,
  workspaceUnnamed: ({ platform, id }: { platform: string; id: string }) =>
    `${platform === "teams" ? "an organisation on Teams" : "a server on Discord"} (…${id.slice(-8)})`,
  ideasModel: ({ name }: { name: string }) => `${name} (for ideas and words)`,

  csv: "As a file",
  csvThere: "It goes along with this message, as a table for any spreadsheet.",
  csvLink:
    "The button opens it, as a table for any spreadsheet, for the next 15 minutes. Whoever has the address can open it.",
  openCsv: "Open the file",
  csvNowhere:
    "A file cannot be brought here, and this installation has no public address for one. Whoever runs it can set PUBLIC_URL.",

  seeUsage: "What was spent",
  here: "This place alone",
  everywhere: "Everywhere",
  notForYou:
    "That is for whoever runs this place. On Discord that is who may manage the server; on Teams who added Easel to a team first, or whom its operator names.",
};

function dayOf(day: string): string {
  return new Date(day).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
}
