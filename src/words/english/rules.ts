type Scope = "bot" | "workspace" | "channel" | "person";
type Period = "day" | "week" | "month";
type Amount = { dollars?: number; pictures?: number };

const and = (names: readonly string[]) => new Intl.ListFormat("en", { type: "conjunction" }).format(names);
const or = (names: readonly string[]) => new Intl.ListFormat("en", { type: "disjunction" }).format(names);
const count = (pictures: number) => `${pictures.toLocaleString("en")} ${pictures === 1 ? "picture" : "pictures"}`;

/** “5 dollars”, “2.50 dollars”, “12 cents”, rounded as `round` does. */
function money(dollars: number, round = Math.round): string {
  const cents = round(dollars * 100 + (round === Math.ceil ? -1e-7 : 1e-7));
  if (cents <= 0) return dollars > 1e-6 ? "less than a cent" : "nothing";
  if (cents < 100) return cents === 1 ? "1 cent" : `${cents} cents`;
  const digits = cents % 100 ? 2 : 0;
  const shown = (cents / 100).toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `${shown} ${shown === "1" ? "dollar" : "dollars"}`;
}

const amounts = ({ dollars, pictures }: Amount, round = Math.round) =>
  and([
    ...(dollars === undefined ? [] : [money(dollars, round)]),
    ...(pictures === undefined ? [] : [pictures > 0 ? count(pictures) : "no picture"]),
  ]);

const whose: Record<Scope, string> = {
  bot: "The budget for everybody together",
  workspace: "The budget of this server or organisation",
  channel: "This channel’s budget",
  person: "Your budget",
};
const times: Record<Period, string> = { day: "today", week: "this week", month: "this month" };
const each: Record<Period, string> = { day: "a day", week: "a week", month: "a month" };

function hours(seconds: number): string {
  const minutes = Math.max(1, Math.round(seconds / 60));
  if (minutes < 90) return minutes === 1 ? "a minute" : `${minutes} minutes`;
  const whole = Math.round(minutes / 60);
  return whole < 48 ? `${whole} hours` : `${Math.round(whole / 24)} days`;
}

/** “Tuesday, 1 December, 00:00 (Europe/Berlin)” */
function moment(at: string, timeZone: string): string {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    weekday: "long",
    day: "numeric",
    month: "long",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const parts = new Map(format.formatToParts(new Date(at)).map(({ type, value }) => [type, value]));
  const of = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? "";
  return `${of("weekday")}, ${of("day")} ${of("month")}, ${of("hour")}:${of("minute")} (${timeZone.replaceAll("_", " ")})`;
}

/** Why something is not drawn, where a rule says no. */
export const denied = {
  overBudget: "That is more than is left",
  overOwn: "That is more than you allow yourself",
  overLimit: "That is more than is allowed here",
  noAccess: "Easel does not draw for you here",
  budget: ({ scope, per, budget, left }: { scope: Scope; per: Period; budget: Amount; left: Amount }) =>
    `${whose[scope]} is ${amounts(budget)} ${each[per]}. What is left of it ${times[per]}: ${amounts(left, Math.floor)}.`,
  own: ({ per, budget, left }: { per: Period; budget: Amount; left: Amount }) =>
    `You allow yourself ${amounts(budget)} ${each[per]}. What is left of it ${times[per]}: ${amounts(left, Math.floor)}.`,
  asked: ({ dollars, pictures }: Required<Amount>) =>
    pictures > 0
      ? `This would be ${count(pictures)} for about ${money(dollars)}.`
      : `This would cost about ${money(dollars)}.`,
  refills: ({ at, seconds, timeZone }: { at: string; seconds: number; timeZone: string }) =>
    `It is full again in about ${hours(seconds)}: ${moment(at, timeZone)}.`,
  byOperator: ({ name, contact }: { name?: string; contact?: string }) =>
    name || contact
      ? `${name ?? "Whoever runs Easel here"} can change that${contact ? `: ${contact}` : ""}.`
      : "Whoever runs Easel here can change that.",
  byAdmin: "An admin of this server or organisation can change that, with the command “easel”.",
  byYou: "You can change that with the command “usage”.",
  fits: "This would still fit:",
  mostAtOnce: ({ most, underWay }: { most: number; underWay: number; asked: number }) =>
    `At most ${count(most)} of one person may be under way at once, and ${underWay === 0 ? "none" : underWay} of yours ${underWay === 1 ? "is" : "are"} now.`,
  mostPictures: ({ most, asked }: { most: number; asked: number }) =>
    `One request may be at most ${count(most)}, and this is ${asked.toLocaleString("en")}.`,
  mostDollars: ({ most, asked, isWorstCase }: { most: number; asked: number; isWorstCase: boolean }) =>
    `One request may cost at most ${money(most)}, and this ${isWorstCase ? "may cost up to" : "costs about"} ${money(asked, Math.ceil)}.`,
  models: ({ allowed }: { allowed: readonly string[]; asked: string }) =>
    `Pictures are drawn with ${or(allowed)} for you here.`,
  qualities: ({ allowed, asked }: { allowed: readonly string[]; asked: string }) =>
    `The quality may be ${or(allowed)} here, and this is ${asked}.`,
  sizes: ({ allowed, asked }: { allowed: readonly string[]; asked: string }) =>
    `The size may be ${or(allowed)} here, and this is ${asked}.`,
  workspaces: "It may not be used in this server or organisation.",
  channels: "It may not be used in this channel; in others it may.",
  roles: "It is for people with certain roles here.",
  people: "It is for certain people here, and you are not among them yet.",
  directMessages: "It may not be used in direct messages; in a channel it may.",
  userInstalls: "It may be used here only once the server itself has added it.",
  ledgerAway:
    "How much of a budget is left cannot be seen at the moment, so nothing is drawn that might be more than there is. It is seen again by itself, mostly within minutes: please try once more then.",
  stillFits: ({ places }: { places: number }) =>
    places > 1 ? `${places} ideas would still fit.` : "One picture would still fit.",
};

/** A button for what would still fit. */
export const fits = {
  fewer: ({ count: pictures, price }: { count: number; price: string }) =>
    pictures === 1 ? `Draw one, ${price}` : `Draw ${pictures}, ${price}`,
  draft: ({ count: pictures, price }: { count: number; price: string }) =>
    pictures === 1 ? `Draw a draft, ${price}` : `Draw ${pictures} drafts, ${price}`,
  allowed: ({
    count: pictures,
    price,
    quality,
    size,
  }: {
    count: number;
    price: string;
    quality: string;
    size?: string;
  }) => `Draw ${pictures === 1 ? "it" : pictures} in ${size === undefined ? "" : `${size}, `}${quality}, ${price}`,
};

/** A soft budget is used up. */
export const warned = {
  over: ({ scope, per, budget, isPictures }: { scope: Scope; per: Period; budget: number; isPictures: boolean }) =>
    `${whose[scope]} of ${isPictures ? count(budget) : money(budget)} ${each[per]} is used up ${times[per]}. It stops nothing: this only lets you know.`,
};
