const amountOf = (unit: "dollars" | "pictures", amount: number) =>
  unit === "dollars"
    ? `${amount.toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 })} dollars`
    : `${amount.toLocaleString("en")} ${amount === 1 ? "picture" : "pictures"}`;

/** “30 Nov 2026, 17:36 UTC” */
const time = (at: string) =>
  `${new Date(at).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" })}, ${at.slice(11, 16)} UTC`;

const named = (reference: string | undefined) => (reference ? ` The log has more under ${reference}.` : "");
const and = (names: readonly string[]) => new Intl.ListFormat("en", { type: "conjunction" }).format(names);

type OfDeployment = { deployment: string; reference?: string };
type Blocks = { person: string; blocks: number; ofWords: number; until: string };
const blockedFor = ({ blocks, ofWords }: Blocks) =>
  `${blocks} times within a day (${ofWords} for the words, ${blocks - ofWords} for the picture)`;

/** To whoever runs Easel, who may read what a log says: ids and codes, and nobody's words or names. */
export const alerts = {
  title: ({ count }: { count: number }) => (count === 1 ? "Easel needs you" : `Easel needs you: ${count} things`),
  andMore: ({ count, kinds }: { count: number; kinds: readonly string[] }) =>
    `… and ${count.toLocaleString("en")} more${kinds.length ? `: ${and(kinds)}` : ""}. All of them stand in the log.`,
  ofKind: ({ count, kind }: { count: number; kind: string }) => `${count.toLocaleString("en")} × ${kind}`,
  unknown: "Something happened that this version of Easel has no words for. The log has it.",
  budget: (budget: {
    percent: number;
    whose: string;
    per: "day" | "week" | "month";
    unit: "dollars" | "pictures";
    spent: number;
    most: number;
    refillsAt?: string;
    isSoft?: boolean;
  }) =>
    `The budget of ${budget.whose} for this ${budget.per} is ${budget.percent === 100 ? "used up" : `at ${budget.percent} %`}: ` +
    `${amountOf(budget.unit, budget.spent)} of ${amountOf(budget.unit, budget.most)}.` +
    (budget.percent === 100 && budget.isSoft ? " It is a soft one: drawing goes on." : "") +
    (budget.refillsAt ? ` It refills at ${time(budget.refillsAt)}.` : ""),
  wholeBot: "the whole bot",
  workspace: ({ id }: { id?: string }) => (id ? `the server or organisation ${id}` : "a server or organisation"),
  channel: ({ id }: { id?: string }) => (id ? `the channel ${id}` : "a channel"),
  person: ({ id }: { id?: string }) => (id ? `the person ${id}` : "a person"),
  quota: ({ deployment, reference }: OfDeployment) =>
    `The image service says that the allowance of the deployment ${deployment} is used up. Nothing can be drawn with it until you raise it there.${named(reference)}`,
  suspended: ({ openAgainAt, reference }: { openAgainAt: string; reference?: string }) =>
    `The provider has suspended the image service's resource: nothing is drawn. It is looked again after ${time(openAgainAt)}. Only the provider can end it: write to them.${named(reference)}`,
  closed: ({ deployment, seconds, reference }: OfDeployment & { seconds: number }) =>
    `The image service asks to leave the deployment ${deployment} alone for ${Math.round(seconds / 60).toLocaleString("en")} minutes. Whoever asks meanwhile is turned away.${named(reference)}`,
  openAgain: ({ deployment }: { deployment?: string }) =>
    deployment ? `The deployment ${deployment} draws again.` : "The image service draws again.",
  misconfigured: ({ deployment, reference }: OfDeployment) =>
    `Easel is not set up correctly for the deployment ${deployment}: the image service does not know the key, or not the deployment.${named(reference)}`,
  notAllowed: ({ deployment, reference }: OfDeployment) =>
    `The image service, or a gateway before it, does not let Easel use the deployment ${deployment}.${named(reference)}`,
  guardrail: ({ deployment, reference }: OfDeployment) =>
    `A rule of the gateway before the deployment ${deployment} stopped a request and does not say why.${named(reference)}`,
  badRequest: ({ deployment, reference }: OfDeployment) =>
    `The image service did not accept what Easel sent for the deployment ${deployment}, and it was not the words.${named(reference)}`,
  setAside: ({ reference }: { reference: string }) =>
    `A request came back too often and was set aside; whoever asked has an apology.${named(reference)}`,
  broken: ({ reference }: { reference: string }) => `Something in Easel broke over a request.${named(reference)}`,
  modelEnds: ({
    model,
    deployment,
    on,
    within,
    replacement,
  }: {
    model: string;
    deployment: string;
    on: string;
    within: number;
    replacement: string;
  }) =>
    within
      ? `${model} (deployment ${deployment}) is retired on ${on}, in ${within} days or less. Deploy ${replacement} and name it in IMAGE_MODELS instead.`
      : `${model} (deployment ${deployment}) was retired on ${on}. Deploy ${replacement} and name it in IMAGE_MODELS instead.`,
  storageRefuses: ({ because, mend }: { because: string; mend?: string }) =>
    `Storage does not take what Easel writes, so nothing can be promised to anybody: ${because}.${mend ? ` ${mend}` : ""}`,
  unknownPrice: ({ deployment }: { deployment: string }) =>
    `Nobody has said what the deployment ${deployment} costs: it is reckoned as the dearest that is known. PRICES_FILE can say it.`,
  configFault: ({ file, faults }: { file: string; faults: readonly string[] }) =>
    `${file} has ${faults.length === 1 ? "a fault" : `${faults.length} faults`}, so the rules of before go on: ${faults.join(" ")}`,
  reported: ({ reference, place, by }: { reference: string; place: number; by: string }) =>
    `A picture was reported: number ${place} of ${reference}, by the person ${by}. What they wrote stands in the log.`,
  personPaused: (blocks: Blocks) =>
    `The filter has stopped the person ${blocks.person} ${blockedFor(blocks)}: they are paused until ${time(blocks.until)}.`,
  blocksPileUp: ({ blocks, minutes, perMinute }: { blocks: number; minutes: number; perMinute: number }) =>
    `The filter has stopped ${blocks} requests within ${minutes} minutes. Providers suspend a resource for that, so Easel draws more slowly for everybody, ${perMinute} a minute at most, until there are fewer.`,
  blocksAreFewer: "The filter stops less again: Easel draws at its usual pace.",
  manyMore: ({ count }: { count: number }) =>
    `${count.toLocaleString("en")} more came faster than they could be noted.`,
};

/** Each kind in a word or two, to be counted. */
export const alertKinds = {
  budget: "budget",
  quota: "allowance used up",
  suspended: "suspended",
  closed: "asked to stay away",
  "open again": "draws again",
  misconfigured: "set up wrongly",
  "not allowed": "not allowed",
  guardrail: "stopped by a gateway",
  "bad request": "not accepted",
  "set aside": "set aside",
  broken: "broken",
  "model ends": "model ends",
  "storage refuses": "storage refuses",
  "unknown price": "price unknown",
  "config fault": "fault in the configuration",
  reported: "picture reported",
  "person paused": "person paused",
  "blocks pile up": "blocks pile up",
  "blocks are fewer": "blocks are fewer",
  "many more": "many more",
};
