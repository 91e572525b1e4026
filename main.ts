import { setMaxListeners } from "node:events";
import { enableCompileCache } from "node:module";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { DISCORD_SETTINGS, readDiscordSettings } from "./adapters/discord/settings.ts";
import type { DiscordSettings } from "./adapters/discord/settings.ts";
import { readTeamsSettings, TEAMS_SETTINGS } from "./adapters/teams/settings.ts";
import type { TeamsSettings } from "./adapters/teams/settings.ts";
import { TEAMS_TIMES } from "./adapters/teams/times.ts";
import { IN_LOCAL_WORLD } from "./local/bot-word.ts";
import type { BotWord } from "./local/bot-word.ts";
import { alertsWithoutPlatform } from "./src/alert-settings.ts";
import { untilStorageFits } from "./src/alerts/until-storage-fits.ts";
import type { Boards } from "./src/brainstorm/board.ts";
import { startSessions } from "./src/brainstorm/drive.ts";
import { sessionSender } from "./src/brainstorm/session-sender.ts";
import { raiseAlert } from "./src/alerts/raise-alert.ts";
import { noteFile } from "./src/audit/note-file.ts";
import { watchConfiguration } from "./src/configuration.ts";
import { openRuleBook } from "./src/purse/rule-book.ts";
import { connectAzure } from "./src/storage/azure.ts";
import type { Azure } from "./src/storage/azure.ts";
import type { Operators } from "./src/replies/alert-message.ts";
import type { Fetchers, Senders } from "./src/replies/delivery.ts";
import { startPrivacy } from "./src/privacy/run.ts";
import { boardRoutes } from "./src/web/boards/routes.ts";
import { copyRoutes } from "./src/web/copies.ts";
import { editPageRoutes } from "./src/web/edit-page/routes.ts";
import { exportRoutes } from "./src/web/exports/routes.ts";
import { wallRoutes } from "./src/web/wall/routes.ts";
import { makeApp, startHttp } from "./src/web/http.ts";
import type { Route } from "./src/web/http.ts";
import { log } from "./src/log.ts";
import type { Narrate } from "./src/narration.ts";
import { reachImages } from "./src/images-api/reach-images.ts";
import { watchReadiness } from "./src/web/readiness.ts";
import { retirementWarnings } from "./src/retirement.ts";
import { callAddress, EVERYWHERE_SETTINGS, readSettings, REAL_SETTINGS } from "./src/settings.ts";
import type { Environment, Settings } from "./src/settings.ts";
import { saySlips, unknownSettings } from "./src/unknown-settings.ts";
import { untilReached } from "./src/storage/until-reached.ts";
import { tellWebhook } from "./src/work/post-webhook.ts";
import { startTelling } from "./src/work/tell-operator.ts";
import { watchModels } from "./src/work/watch-models.ts";
import { startWorker } from "./src/work/worker.ts";
import { LOCAL_TIMES, TIMES } from "./src/times.ts";

// The platforms' SDKs, which are loaded from here on, are compiled once and not at each start. Where nothing can be written, nothing is kept.
enableCompileCache(fileURLToPath(new URL("node_modules/.cache/start", import.meta.url)));

const stopping = new AbortController();
setMaxListeners(0, stopping.signal);
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    // The second time somebody means it.
    if (stopping.signal.aborted) process.exit(1);
    stop();
  });
}

process.on("unhandledRejection", (error) =>
  log.error({ error }, "a promise was rejected and nobody caught it: Easel goes on"),
);

try {
  process.loadEnvFile();
} catch (error) {
  if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
}

const isSet = (name: string) => Boolean(process.env[name]?.trim());
const realSettings = [...REAL_SETTINGS, ...DISCORD_SETTINGS, ...TEAMS_SETTINGS];
const slips = unknownSettings(process.env, [...realSettings, ...EVERYWHERE_SETTINGS]);
if (process.argv[2] === IN_LOCAL_WORLD) await runInLocalWorld();
else if (!realSettings.some(isSet) && process.env.NODE_ENV !== "production") await runLocally();
else await run(process.env);
// The SDKs keep timers of their own, and everything that was to be finished is.
process.exit();

/** Local mode: the outside world on this machine, and the bot in it as it would be anywhere: a process of its own, which can be killed. */
async function runLocally(): Promise<void> {
  const [{ startLocalWorld }, { greeting }, { farewell }] = await Promise.all([
    import("./local/start.ts"),
    import("./local/greeting.ts"),
    import("./local/narrate.ts"),
  ]);
  const startedAt = Date.now();
  const keptIn = process.env.EASEL_DIRECTORY?.trim() || ".easel";
  // What is kept here are people's pictures and words, and this machine may have other users.
  process.umask(0o077);
  for (const slip of saySlips(slips, [])) say(slip);
  const world = await startLocalWorld(process.env, say).catch((error: unknown) => {
    process.stderr.write(`Easel cannot start here: ${whyNotHere(error)}\n`);
    process.exitCode = 1;
  });
  if (!world) return;
  try {
    const bot = world.startBot(import.meta.filename, { LOG_LEVEL: "error", ...process.env });
    void bot.ready.then(() => greeting(world, Date.now() - startedAt, keptIn).forEach(say));
    const lost = await Promise.race([bot.lost, stopped(stopping.signal)]);
    if (lost) {
      say(`Easel ${lost}; start again.`);
      process.exitCode = 1;
    }
    await bot.stop();
  } finally {
    await world.stop();
  }
  if (stopping.signal.aborted) for (const line of farewell(keptIn)) say(line);
}

/** The bot of local mode: it hangs on the process that keeps its world. */
async function runInLocalWorld(): Promise<void> {
  const { lineOf } = await import("./local/narrate.ts");
  const tell = (word: BotWord) => process.send?.(word);
  process.on("disconnect", () => process.exit());
  process.on("message", (word) => {
    if (word === "stop") stop();
  });
  await run(process.env, {
    teams: { mode: "local", times: TEAMS_TIMES },
    sayReady: () => tell("ready"),
    narrate: (happening) => {
      const line = lineOf(happening);
      say(line);
      tell({ narrated: line.trim() });
    },
  });
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function whyNotHere(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isMissing = "code" in error && error.code === "MODULE_NOT_FOUND";
  if (!isMissing) return error.message;
  return "local mode needs the development packages (`npm ci --include=dev`). With settings in `.env` it starts without.";
}

type Local = { teams: TeamsSettings; sayReady: () => void; narrate: Narrate };

/** Settings → azure → adapters → worker → http, and back when the process is to stop. */
async function run(environment: Environment, local?: Local): Promise<void> {
  const faults: string[] = [];
  const notes: string[] = [];
  const read = readSettings(environment, faults, notes);
  const settings = local ? { ...read, narrate: local.narrate, times: LOCAL_TIMES } : read;
  const discord = readDiscordSettings(environment, faults);
  const teams = local?.teams ?? readTeamsSettings(environment, faults);
  if (!local && ![...DISCORD_SETTINGS, ...TEAMS_SETTINGS].some((name) => environment[name]?.trim())) {
    faults.push(
      "No chat platform is set up: set DISCORD_TOKEN and DISCORD_APPLICATION_ID, or MicrosoftAppId and what belongs to it, or both.",
    );
  }
  faults.push(...alertsWithoutPlatform(settings, { discord, teams }));
  if (!local) notes.push(...saySlips(slips, faults));
  if (faults.length) return refuseToStart(faults, notes);

  log.level = settings.logLevel;
  for (const note of notes) log.warn(note);
  log.info({ address: callAddress(settings.images, settings.models[0].deployment) }, "the Images API is called here");
  // Local mode stands in for any model, retired or not.
  if (!local)
    for (const warning of retirementWarnings(settings, new Date().toISOString().slice(0, 10))) log.warn(warning);
  const azure = connectAzure(settings);
  openRuleBook(azure, stopping.signal);
  followConfiguration(settings, azure, environment.EASEL_CONFIG?.trim() || undefined);
  const adapters = await openAdapters({ settings, azure, discord, teams });
  const isStopping = () => (stopping.signal.aborted ? ["The process is stopping."] : []);
  const routes = [
    ...adapters.routes,
    ...editPageRoutes(settings, azure, adapters.senders),
    ...boardRoutes(settings, azure, stopping.signal),
    ...wallRoutes(settings, azure),
    ...copyRoutes(azure),
    ...exportRoutes(settings, azure),
  ];
  const app = makeApp(azure, watchReadiness(settings, azure, [isStopping, ...adapters.ready]), routes, settings);
  const http = await startHttp(settings, app).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "EADDRINUSE")
      return refuseToStart([`PORT ${settings.port} is taken by another program: choose another.`]);
    throw error;
  });
  if (!http) return adapters.stop();
  const models = settings.models.map(({ name }) => name);
  log.info({ port: http.port, models, discord: Boolean(discord), teams: Boolean(teams) }, "Easel listens");

  const telling = startTelling(adapters.operators, settings, azure);
  const imagesReached = untilReached(
    "the image service",
    (signal) => reachImages(settings.images, signal),
    settings.times,
    stopping.signal,
  );
  if (!local) void watchModels(settings, azure, stopping.signal);
  await untilStorageFits(azure, stopping.signal);
  void noteFile(settings.configuration, azure);
  const worker = startWorker(settings, azure, adapters.senders, adapters.fetchers);
  const sessions = startSessions({ settings, azure, boards: adapters.boards });
  const privacy = startPrivacy(settings, azure);
  // Nobody has told the look-alike yet what can be asked for, and it forgets when it ends.
  if (local && discord) await tellCommands(settings, discord);
  void imagesReached.then(() => local?.sayReady());

  await stopped(stopping.signal);
  log.info("stopping: what is under way is finished first");
  // Pictures are served to the last, for messages that are sent to the last.
  const announced = adapters.stop();
  await Promise.all([announced, sessions.stop(), privacy.stop(), worker.stop(announced)]);
  await telling.stop();
  await Promise.race([http.stop(), pause(settings.times.process.httpStopLimitMilliseconds)]);
  log.info("stopped");
}

/** A file that changes is taken as it is then; one with faults is not, and the rules of before go on. */
function followConfiguration({ configuration: file, models, times }: Settings, azure: Azure, named?: string): void {
  const names = models.map(({ name }) => name);
  const watching = { named, models: names, milliseconds: times.purse.filePauseMilliseconds };
  const changed = () => {
    log.info({ path: file.path }, "the configuration file has changed, and is followed from now on");
    void noteFile(file, azure);
  };
  const faulty = (faults: string[]) => {
    log.error({ faults }, "the configuration file has faults: what it said before goes on");
    raiseAlert({ kind: "config fault", file: file.path ?? "", faults }, azure);
  };
  void watchConfiguration(file, watching, { changed, faulty }, stopping.signal);
}

async function tellCommands(settings: Settings, discord: DiscordSettings): Promise<void> {
  const { registerCommands } = await import("./adapters/discord/register.ts");
  await registerCommands(settings, discord).catch((error: unknown) =>
    log.warn({ error }, "Discord was not told the commands"),
  );
}

function stop(): void {
  stopping.abort();
  setTimeout(endAtOnce, TIMES.process.lastResortMilliseconds).unref();
}

/** Whatever hangs: its job stays in the line, and whoever takes it up goes on from its record. */
function endAtOnce(): void {
  log.error("stopping came to no end in time: the process ends as it is");
  process.exit();
}

type Adapters = {
  senders: Senders;
  boards: Boards;
  fetchers: Fetchers;
  operators: Operators;
  routes: Route[];
  ready: (() => string[])[];
  stop(): Promise<void>;
};

/** Starts the platforms that are set up. Their SDKs are loaded here and not before: each costs a quarter of a second. */
async function openAdapters(open: {
  settings: Settings;
  azure: Azure;
  discord?: DiscordSettings;
  teams?: TeamsSettings;
}): Promise<Adapters> {
  const { settings, azure, discord, teams } = open;
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => void (await Promise.all(stops.map((stopOne) => stopOne())));
  const senders: Senders = { session: sessionSender(settings, azure) };
  const adapters: Adapters = {
    senders,
    boards: {},
    fetchers: {},
    operators: { webhook: tellWebhook },
    routes: [],
    ready: [],
    stop,
  };
  if (teams) {
    const [{ startTeams }, { teamsSender }, { teamsBoards }, { teamsFetcher }, { teamsOperators }] = await Promise.all([
      import("./adapters/teams/start.ts"),
      import("./adapters/teams/send.ts"),
      import("./adapters/teams/send-board.ts"),
      import("./adapters/teams/fetch-source.ts"),
      import("./adapters/teams/notify.ts"),
    ]);
    const started = startTeams(settings, teams, azure);
    adapters.senders.teams = teamsSender(settings, teams);
    adapters.boards.teams = teamsBoards(settings, teams);
    adapters.fetchers.teams = teamsFetcher(teams);
    adapters.operators.teamsConversation = teamsOperators(teams);
    stops.push(() => started.stop());
    adapters.routes.push({ method: "POST", path: "/api/messages", answer: (request) => started.receive(request) });
  }
  if (discord) {
    const [{ startDiscord }, { discordSender }, { discordBoards }, { fetchFromDiscord }, { discordOperators }] =
      await Promise.all([
        import("./adapters/discord/start.ts"),
        import("./adapters/discord/send.ts"),
        import("./adapters/discord/send-board.ts"),
        import("./adapters/discord/fetch-source.ts"),
        import("./adapters/discord/notify.ts"),
      ]);
    const started = startDiscord(settings, discord, azure);
    adapters.senders.discord = discordSender(discord, azure);
    adapters.boards.discord = discordBoards(discord, azure);
    adapters.fetchers.discord = fetchFromDiscord;
    adapters.operators.discordChannel = discordOperators(discord, azure);
    adapters.ready.push(() => (started.ready() ? [] : ["Discord's gateway is not connected."]));
    stops.push(() => started.stop());
  }
  return adapters;
}

/** A sentence begins with the setting that it is about: a setting with two faults is still one setting. */
function refuseToStart(faults: string[], notes: string[] = []): void {
  const settings = new Set(faults.map((fault) => fault.split(" ", 1)[0])).size;
  process.stderr.write(
    `Easel cannot start. ${settings === 1 ? "One setting needs" : `${settings} settings need`} a change:\n`,
  );
  for (const fault of faults) process.stderr.write(`  - ${fault}\n`);
  for (const note of notes) process.stderr.write(`Note: ${note}\n`);
  process.stderr.write("The settings are explained in .env.example.\n");
  process.exitCode = 1;
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
