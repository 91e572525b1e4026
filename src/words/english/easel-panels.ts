/** The panels by which whoever runs a place rules it. */

const and = (names: readonly string[]) => new Intl.ListFormat("en", { type: "conjunction" }).format(names);
const or = (names: readonly string[]) => new Intl.ListFormat("en", { type: "disjunction" }).format(names);
const grouped = (number: number) => number.toLocaleString("en");
const plural = (count: number, one: string, several: string) =>
  count === 1 ? `one ${one}` : `${count === 0 ? "no" : grouped(count)} ${several}`;
const place = (platform: string) => (platform === "teams" ? "organisation" : "server");
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

const everyPeriod: Record<string, string> = { day: "a day", week: "a week", month: "a month" };

function moment(at: string, timeZone: string): string {
  return new Date(at).toLocaleString("en-GB", {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    timeZone,
  });
}

/** A raise ends with a day, which is the day before the moment after it. */
function lastDay(until: string, timeZone: string): string {
  return new Date(Date.parse(until) - 1000).toLocaleDateString("en-GB", {
    weekday: "long",
    day: "numeric",
    month: "long",
    timeZone,
  });
}

const did: Record<string, string> = {
  "set a rule": "set a rule",
  "removed a rule": "removed a rule",
  "raised a budget": "raised a budget",
  "set an own limit": "set a limit of their own",
  "changed the file": "changed the file of rules",
  "deleted a picture": "deleted a picture",
  "cancelled a job": "cancelled a request",
  exported: "exported",
  "asked what is kept": "asked what is kept of them",
  "forgot a person": "forgot a person",
  approved: "approved a request",
  "turned down": "turned a request down",
};

type Named = { name: string };

export const easelPanels = {
  back: "Back",
  open: "Open",
  rules: "Rules",
  changeTyped: "Change it",
  typedGone: "What was typed is no longer here. Please begin anew.",
  notTaken: "That was not taken. Nothing has changed.",
  done: "Done.",

  title: ({ platform }: { platform: string }) => `Easel in this ${place(platform)}`,
  titleBot: "Easel everywhere",
  intro: "Only you see this. Every change is written down.",
  introFile: ({ count }: { count: number }) =>
    `${capital(plural(count, "rule stands", "rules stand"))} in the operator’s file. They show here, and are changed there; what is set here comes on top and can only be tighter.`,
  budgetsCount: ({ count }: { count: number }) => `Budgets: ${plural(count, "budget", "budgets")}`,
  limitsCount: ({ count }: { count: number }) => `Limits: ${plural(count, "limit", "limits")}`,
  accessOpen: "Who may use it: everybody",
  accessRuled: "Who may use it: not everybody",
  styleNone: "This channel’s style: none",
  styleOwn: ({ name }: Named) => `This channel’s style: ${name}`,

  budgets: "Budgets",
  limits: "Limits",
  access: "Who may use it",
  channels: "This channel",
  styles: "Styles",
  alerts: "Alerts",
  keeping: "What is kept",
  language: "Language",
  audit: "What was changed",

  budgetsTitle: "Budgets",
  budgetsNone: "There is no budget: what is drawn costs what it costs.",
  budgetsHidden: "Budgets of single channels and people that the operator has set are not listed here.",
  fromFile: ({ rule }: { rule: string }) => `${rule} (set in the file)`,
  fromOperator: ({ rule }: { rule: string }) => `${rule} (set by the operator)`,
  numbered: ({ number, rule }: { number: number; rule: string }) => `${number}. ${rule}`,
  newBudget: "New budget",
  openBudget: "Open a budget",
  whoseBudget: ({ whose, amount, per, isSoft }: { whose: string; amount: string; per: string; isSoft: boolean }) =>
    `${whose}: ${amount} ${everyPeriod[per] ?? per}${isSoft ? ", as a mark that warns and stops nothing" : ""}`,
  everybody: "Everybody together",
  thisWorkspace: ({ platform }: { platform: string }) => `This ${place(platform)}`,
  eachWorkspace: "Each server and organisation",
  oneWorkspace: ({ name }: Named) => capital(name),
  eachChannel: "Each channel",
  oneChannel: ({ name }: Named) => `The channel ${name}`,
  eachPerson: "Each person",
  onePerson: ({ name }: Named) => `The person ${name}`,
  setBy: ({ name, at, timeZone }: Named & { at: string; timeZone: string }) =>
    `Set by ${name || "somebody"} on ${moment(at, timeZone)}.`,
  raised: ({ amount, whose, until, timeZone }: { amount: string; whose: string; until: string; timeZone: string }) =>
    `${whose}: ${amount} more, until the end of ${lastDay(until, timeZone)}.`,
  raiseBy: ({ amount }: { amount: string }) => `+${amount} until Friday`,
  raiseOther: "Another raise",
  raiseTitle: "Raise a budget",
  raiseExplanation: ({ rule }: { rule: string }) => `On top of: ${rule}. It ends by itself.`,
  raiseAmount: "How much more",
  raiseUntil: "Until the end of",
  raiseUntilToday: "Today",
  raiseUntilFriday: "The next Friday",
  raiseUntilWeek: "A week from now",
  raiseUntilMonth: "This month",
  raiseWhoPerson: "For one person (empty: for each)",
  raiseWhoChannel: "For one channel (empty: for each)",
  change: "Change",
  remove: "Remove",
  removeSure: "Remove it",
  removeQuestion: ({ rule }: { rule: string }) => `Shall this rule go? ${rule}`,
  removed: "The rule is gone.",
  saved: "That holds from now on.",
  raisedNow: "It is raised.",
  endRaise: "End a raise",

  budgetTitle: "A budget",
  budgetScope: "Whose budget is it?",
  scopeOneChannel: "One channel, picked below",
  scopeOnePerson: "One person, picked below",
  scopeThisChannel: "This channel",
  pickChannel: "Which channel",
  pickPerson: "Which person",
  pickIdsHint: "Or their ids, with commas between them",
  budgetPer: "How often it refills",
  perDay: "Every day",
  perWeek: "Every week, on Monday",
  perMonth: "Every month",
  perSoft: ({ per }: { per: string }) => `${per}, as a mark that warns and stops nothing`,
  budgetAmount: "How much",
  budgetAmountHint: "5 dollars, or 20 pictures, or both",
  save: "Save",

  limitsTitle: "Limits of one request",
  limitsNone: "There is no limit but those of the models.",
  newLimit: "New limit",
  newLimitWhat: "Limit what is drawn",
  openLimit: "Open a limit",
  limitTitle: "A limit of one request",
  limitWhatTitle: "What may be drawn",
  limitExplanation: "Leave a field empty for no limit.",
  limitScope: "Who is limited?",
  mostPictures: "Pictures in one request",
  mostAtOnce: "Pictures of one person under way at once",
  mostDollars: "Dollars for one request",
  models: "Models (none chosen: all)",
  qualities: "Qualities (none chosen: all)",
  sizes: "Sizes (none chosen: all)",
  whoseLimit: ({ whose, parts }: { whose: string; parts: readonly string[] }) => `${whose}: ${parts.join("; ")}`,
  partPictures: ({ count }: { count: number }) => `${plural(count, "picture", "pictures")} in one request`,
  partAtOnce: ({ count }: { count: number }) => `${plural(count, "picture", "pictures")} of one person at once`,
  partDollars: ({ amount }: { amount: string }) => `${amount} for one request`,
  partOnly: ({ values }: { values: readonly string[] }) => `only ${or(values)}`,

  accessTitle: "Who may use it",
  accessNone: "Everybody may who can see it.",
  allowOnly: "Only some",
  denySome: "Not some",
  allowTitle: "Only these may use it",
  denyTitle: "These may not use it",
  allowExplanation: "Of each list that is not empty, one has to fit. Empty lists let everybody in.",
  denyExplanation: "Whatever fits one of these lists is told, privately, that it cannot.",
  listChannels: "Channels",
  listRoles: "Roles",
  listPeople: "People",
  allowed: ({ what, names }: { what: string; names: readonly string[] }) => `Only ${what}: ${and(names)}`,
  denied: ({ what, names }: { what: string; names: readonly string[] }) => `Not ${what}: ${and(names)}`,
  inChannels: "in the channels",
  withRoles: "with the roles",
  somePeople: "these people",
  inWorkspaces: "in the places",
  role: ({ id }: { id: string }) => `a role (…${id.slice(-8)})`,
  andMore: ({ count }: { count: number }) => `${grouped(count)} more`,
  accessOthers: "The operator’s file says who else may or may not.",
  letAll: "Let everybody in again",
  channelTitle: "This channel",
  channelIsOpen: "Easel may be used in this channel.",
  channelIsClosed: "Easel may not be used in this channel: whoever asks is told so privately.",
  closeChannel: "Close it here",
  openChannel: "Open it here",

  stylesTitle: "Styles",
  stylesText: "What is drawn in a channel is drawn in its own style, unless somebody asks for another one.",
  stylesEmpty: "No style is saved here yet. The command “style” saves one.",
  chooseStyle: "This channel’s style",
  noStyle: "None",
  styleSet: ({ name }: Named) => `This channel draws in the style ${name} from now on.`,
  styleUnset: "This channel has no style of its own any more.",

  keepingTitle: "What is kept, and who hears what",
  keptForEver: "Pictures and words are kept until somebody deletes them.",
  keptDays: ({ days }: { days: number }) =>
    `Pictures and words are kept for ${plural(days, "day", "days")}, and then taken away.`,
  keepingInFile: "How long that is, is set by the operator.",
  alertsNone:
    "Nobody is told of a spent budget, a closed door or the like but the log. The operator can name a channel or an address for that.",
  alertsSome: "The operator is told of a spent budget, a closed door and the like.",
  languageNow: "Easel speaks English. Other languages are to come; then everybody is answered in their own.",

  auditTitle: "What was changed",
  auditEmpty: "Nothing was changed yet.",
  auditLine: ({
    at,
    timeZone,
    name,
    did: deed,
    before,
    after,
  }: {
    at: string;
    timeZone: string;
    name: string;
    did: string;
    before?: string;
    after?: string;
  }) => {
    const isChange = before !== undefined;
    const change = isChange ? `: ${before} → ${after ?? "nothing"}` : after === undefined ? "" : `: ${after}`;
    return `${moment(at, timeZone)}, ${name || "somebody"} ${did[deed] ?? deed}${change}`;
  },
  older: "Older",
  newest: "Newest",
};

export const ruleFaults = {
  title: "That was not taken",
  noAdmin: "Only whoever runs this place can change its rules.",
  beyondPlace: "That is of another place, or of all places together: only the operator can rule that.",
  inFile: "That rule is set in the operator’s file, and is changed there.",
  byOperator: "That rule is the operator’s, who alone can change it.",
  gone: "That rule is no longer there. Somebody has removed it meanwhile.",
  amountBeyond: ({ unit, most }: { unit: string; most: number }) =>
    `${unit === "dollars" ? "Dollars" : "Pictures"} can be from 0 to ${grouped(most)}.`,
  amountMissing: "Please say how much: so many dollars, so many pictures, or both.",
  amountNotRead: ({ words }: { words: string }) =>
    `“${words}” is no amount that I can read. Write it like “5”, “2.50 dollars” or “20 pictures”.`,
  amountNegative: ({ words }: { words: string }) => `“${words}” is below nothing. An amount begins at 0.`,
  numberNotRead: ({ words, label, most }: { words: string; label: string; most: number }) =>
    `${label}: “${words}” is no whole number from 0 to ${grouped(most)}.`,
  dollarsNotRead: ({ words, label, most }: { words: string; label: string; most: number }) =>
    `${label}: “${words}” is no amount from 0 to ${grouped(most)}.`,
  channelMissing: "Please pick the channel that it is for.",
  personMissing: "Please pick the person whom it is for.",
  notUnderstood: ({ field }: { field: string }) =>
    field === "id"
      ? "There is no such channel or person. Pick one, or give the id that the platform shows."
      : `I do not understand what stands under “${field}”.`,
  unknownId: ({ words }: { words: string }) => `“${words}” is no id of this platform, and nobody here is called so.`,
  pastEnd: "That would be over before it begins.",
  lateEnd: ({ days }: { days: number }) => `A raise lasts ${days} days at most. For longer, change the budget itself.`,
  nothingToRaise: "There is no budget that this could raise, or it is the operator’s alone to raise.",
  aboveRule: ({ most, unit }: { most: number; unit: string }) =>
    `Your own limit can only be lower than what you have here: ${grouped(most)} ${unit} at most.`,
  nothingLimited: "Please fill in one of the fields at least, or nothing would be limited.",
};
