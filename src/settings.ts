import { readAzureEndpoint, readOpenAiBase, readPublicUrl } from "./addresses.ts";
import type { Said } from "./addresses.ts";
import { ALERT_SETTINGS, readAlerts } from "./alert-settings.ts";
import type { AlertSettings } from "./alert-settings.ts";
import { MOST_KEEP_DAYS, readConfiguration } from "./configuration.ts";
import type { ConfigurationFile } from "./configuration.ts";
import { isModelName, MODEL_NAMES } from "./models.ts";
import type { ModelName, Provider } from "./models.ts";
import type { Narrate } from "./narration.ts";
import { nearestName } from "./near.ts";
import { readPrices } from "./prices.ts";
import type { Prices } from "./prices.ts";
import { isTimeZone, noTimeZone } from "./time-zone.ts";
import { TIMES } from "./times.ts";
import type { Times } from "./times.ts";

/** `deployment` is what the endpoint calls the model; on Azure its name says nothing about the model. */
export type ModelSetting = { name: ModelName; deployment: string };

export type ImagesSettings = {
  provider: Provider;
  /**
   * Without a slash at the end. Azure: what stands before `/openai/…`, which is the resource's origin, or a gateway's whole
   * address with its path. OpenAI: the whole base address, mostly with `/v1`.
   */
  endpoint: string;
  /** Set: the dated Azure path with this `api-version` instead of v1. */
  apiVersion?: string;
  /** Absent on Azure: Entra ID through `DefaultAzureCredential`. */
  apiKey?: string;
};

export type StorageSettings = { account: string } | { connectionString: string };

/** Who runs this installation, for people to see; `contact` is an address of mail or of the web. */
export type Operator = { name?: string; contact?: string };

export type Settings = {
  /** The first is the default. Never empty. */
  models: [ModelSetting, ...ModelSetting[]];
  images: ImagesSettings;
  /** A chat model at the same endpoint, which helps with words; absent where none is set up. */
  ideas?: { deployment: string };
  /** Pace of one deployment, all replicas together. */
  requestsPerMinute: number;
  /** Calls to the Images API under way at once in this process. */
  concurrency: number;
  storage: StorageSettings;
  container: string;
  /** The way out leads over a proxy, which Azure's SDKs find in the environment by themselves. */
  isProxied: boolean;
  /** Without a slash at the end. */
  publicUrl?: string;
  port: number;
  /** Said to somebody whose refused words speak of harming themselves; a line of Easel's own unless set. */
  helpLine?: string;
  operator: Operator;
  /** Where whoever runs it is told what needs them. */
  alerts: AlertSettings;
  /** So long a picture is kept, with its words, unless somebody keeps it on a wall; for ever unless set. */
  keepDays?: number;
  prices: Prices;
  /** In which days, weeks and months begin, as an IANA name. */
  timeZone: string;
  /** Rules, and whatever else an operator keeps in a file. Without one it says nothing. */
  configuration: ConfigurationFile;
  /** Absent: all interfaces. */
  host?: string;
  logLevel: string;
  /** No setting of anybody's: handed along with them. */
  times: Times;
  /** Nor is this: local mode alone says in the terminal what happens. */
  narrate?: Narrate;
};

export type Environment = Record<string, string | undefined>;

/** The names that, set, mean a real installation: local mode is off as soon as one of them is. */
export const REAL_SETTINGS = [
  "IMAGE_MODELS",
  "AZURE_OPENAI_ENDPOINT",
  "OPENAI_API_VERSION",
  "AZURE_OPENAI_API_KEY",
  "OPENAI_API_KEY",
  "OPENAI_BASE_URL",
  "IDEAS_MODEL",
  "IMAGE_REQUESTS_PER_MINUTE",
  "IMAGE_CONCURRENCY",
  "AZURE_STORAGE_ACCOUNT",
  "AZURE_STORAGE_CONNECTION_STRING",
  "AZURE_STORAGE_CONTAINER",
  "PUBLIC_URL",
] as const;

/** What may be set in local mode as well, and what is set for that alone. */
export const EVERYWHERE_SETTINGS = [
  "PORT",
  "HOST",
  "HELP_LINE",
  "OPERATOR_NAME",
  "OPERATOR_CONTACT",
  "KEEP_DAYS",
  "PRICES_FILE",
  "TIME_ZONE",
  ...ALERT_SETTINGS,
  "EASEL_CONFIG",
  "LOG_LEVEL",
  "EASEL_CHAT_PORT",
  "EASEL_DISCORD_PORT",
  "EASEL_DIRECTORY",
] as const;

/**
 * Reads the core's settings. What is missing or malformed is added to `faults`, one sentence each, and all of it at once;
 * what was understood in another way than it is written, to `notes`.
 */
export function readSettings(environment: Environment, faults: string[], notes: string[] = []): Settings {
  const value = (name: string) => environment[name]?.trim() || undefined;
  const whole = (name: string, fallback: number, least: number, most: number) => {
    const number = Number(value(name) ?? fallback);
    if (Number.isInteger(number) && number >= least && number <= most) return number;
    faults.push(
      `${name} is "${value(name)}": give a whole number from ${least} to ${most}, or leave it out for ${fallback}.`,
    );
    return fallback;
  };
  const said = { faults, notes };
  const publicUrl = value("PUBLIC_URL");
  const images = readImages(value, said);
  const models = readModels(environment, faults);
  const names = models.map(({ name }) => name);
  const configuration = readConfiguration(value("EASEL_CONFIG"), names, faults);
  const { timeZone } = configuration.present;
  return {
    images,
    models,
    ideas: readIdeas(value("IDEAS_MODEL"), faults),
    requestsPerMinute: whole("IMAGE_REQUESTS_PER_MINUTE", 6, 1, 10_000),
    concurrency: whole("IMAGE_CONCURRENCY", 2, 1, 64),
    storage: readStorage(value, faults),
    container: readContainer(value("AZURE_STORAGE_CONTAINER") ?? "easel", faults),
    isProxied: ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"].some((name) => value(name) ?? value(name.toLowerCase())),
    publicUrl: publicUrl && readPublicUrl(publicUrl, said),
    port: whole("PORT", 3978, 0, 65_535),
    helpLine: readHelpLine(value("HELP_LINE"), faults),
    operator: readOperator(value, faults),
    alerts: readAlerts(value, faults),
    keepDays: readKeepDays(value("KEEP_DAYS"), faults),
    prices: readPrices(value("PRICES_FILE"), faults),
    timeZone: timeZone ?? readTimeZone(value("TIME_ZONE"), faults),
    configuration,
    host: value("HOST"),
    logLevel: readLogLevel(value("LOG_LEVEL") ?? "info", faults),
    times: TIMES,
  };
}

function readIdeas(deployment: string | undefined, faults: string[]): Settings["ideas"] {
  if (deployment === undefined) return undefined;
  if (/[\s,=/]/.test(deployment))
    faults.push(`IDEAS_MODEL is "${deployment}": give the name of one chat deployment, and nothing else.`);
  return { deployment };
}

/** One sentence or two beside a refusal: every platform's message has to hold them. */
const MOST_HELP_CHARACTERS = 500;

function readHelpLine(text: string | undefined, faults: string[]): string | undefined {
  if (text && text.length > MOST_HELP_CHARACTERS)
    faults.push(`HELP_LINE has ${text.length} characters: at most ${MOST_HELP_CHARACTERS}.`);
  return text;
}

function readTimeZone(name: string | undefined, faults: string[]): string {
  if (name === undefined || isTimeZone(name)) return name ?? "UTC";
  faults.push(`TIME_ZONE is ${noTimeZone(name)}.`);
  return "UTC";
}

type Value = (name: string) => string | undefined;

/** It stands on every page and in every help. */
const MOST_OPERATOR_CHARACTERS = 200;

function readOperator(value: Value, faults: string[]): Operator {
  const [name, contact] = [value("OPERATOR_NAME"), value("OPERATOR_CONTACT")];
  for (const [setting, text] of Object.entries({ OPERATOR_NAME: name, OPERATOR_CONTACT: contact }))
    if (text && text.length > MOST_OPERATOR_CHARACTERS)
      faults.push(`${setting} has ${text.length} characters: at most ${MOST_OPERATOR_CHARACTERS}.`);
  const isAddress = !contact || /^[^\s@/]+@[^\s@/]+\.[^\s@/]+$/.test(contact) || isWebAddress(contact);
  if (!isAddress)
    faults.push(
      `OPERATOR_CONTACT is "${contact}": give an address of mail, as pictures@example.org, or a page's that begins with https://.`,
    );
  return { name, contact };
}

function isWebAddress(text: string): boolean {
  return URL.canParse(text) && new URL(text).protocol === "https:" && !/\s/.test(text);
}

/** The models alone: all that the commands of a chat are made of. */
export function readModels(environment: Environment, faults: string[]): Settings["models"] {
  const text = environment.IMAGE_MODELS?.trim();
  if (!text) {
    faults.push(
      "IMAGE_MODELS is missing: name what you deployed, as model=deployment and comma separated, for example " +
        "gpt-image-2=pictures (Azure AI Foundry, your resource, Deployments). The first is the default.",
    );
    return [{ name: "gpt-image-2", deployment: "gpt-image-2" }];
  }
  const entries = text
    .split(",")
    .map((entry) => entry.trim())
    .filter(Boolean)
    .map((entry) => entry.split("=").map((part) => part.trim()));
  const models = entries.flatMap(([name = "", ...rest]): ModelSetting[] =>
    isModelName(name) ? [{ name, deployment: rest.join("=") || name }] : [],
  );
  const unknown = entries.map(([name = ""]) => name).filter((name) => !isModelName(name));
  if (unknown.length) faults.push(`IMAGE_MODELS names ${unknown.map(likeAModel).join(" and ")}. ${KNOWN_MODELS}`);
  if (!entries.length) faults.push(`IMAGE_MODELS is "${text}", which names no model. ${KNOWN_MODELS}`);
  const twice = models.find((model, index) => models.findIndex(({ name }) => name === model.name) !== index);
  if (twice) faults.push(`IMAGE_MODELS names ${twice.name} twice: one deployment for each model.`);
  const [first, ...others] = models;
  return first ? [first, ...others] : [{ name: "gpt-image-2", deployment: "gpt-image-2" }];
}

const KNOWN_MODELS = `Easel knows ${MODEL_NAMES.join(", ")}: write each as model=deployment.`;

function likeAModel(name: string): string {
  const meant = nearestName(name, MODEL_NAMES);
  return `"${name}", which Easel does not know${meant ? ` (did you mean ${meant}?)` : ""}`;
}

function readImages(value: Value, said: Said): ImagesSettings {
  const { faults } = said;
  const azure = value("AZURE_OPENAI_ENDPOINT");
  const openai = value("OPENAI_API_KEY") ?? value("OPENAI_BASE_URL");
  if (azure && openai) {
    faults.push(
      "AZURE_OPENAI_ENDPOINT and OPENAI_API_KEY or OPENAI_BASE_URL are both set: keep one provider and remove the other.",
    );
  }
  if (azure) {
    return {
      provider: "azure",
      endpoint: readAzureEndpoint(azure, said) ?? azure,
      apiVersion: value("OPENAI_API_VERSION"),
      apiKey: value("AZURE_OPENAI_API_KEY"),
    };
  }
  if (!openai) {
    faults.push(
      "AZURE_OPENAI_ENDPOINT is missing: https://<resource>.openai.azure.com, from the Azure portal, your Azure OpenAI or " +
        "Foundry resource, Keys and Endpoint. For OpenAI itself set OPENAI_API_KEY (platform.openai.com, API keys) instead.",
    );
  }
  for (const name of ["AZURE_OPENAI_API_KEY", "OPENAI_API_VERSION"]) {
    // Without any provider the endpoint is what is missing, and said.
    if (openai && value(name))
      faults.push(`${name} is set without AZURE_OPENAI_ENDPOINT: set that too, or remove this one.`);
  }
  const base = value("OPENAI_BASE_URL") ?? "https://api.openai.com/v1";
  return {
    provider: "openai",
    endpoint: readOpenAiBase(base, said) ?? base,
    apiKey: value("OPENAI_API_KEY") ?? "no-key",
  };
}

function readStorage(value: Value, faults: string[]): StorageSettings {
  const connectionString = value("AZURE_STORAGE_CONNECTION_STRING");
  const account = value("AZURE_STORAGE_ACCOUNT");
  if (connectionString && account) {
    faults.push("AZURE_STORAGE_ACCOUNT and AZURE_STORAGE_CONNECTION_STRING are both set: keep one of them.");
  }
  if (connectionString) {
    if (/AccountName=|UseDevelopmentStorage=true|SharedAccessSignature=/i.test(connectionString))
      return { connectionString };
    faults.push(
      "AZURE_STORAGE_CONNECTION_STRING is not a connection string: Azure portal, storage account, Access keys.",
    );
    return { connectionString };
  }
  if (!account) {
    faults.push(
      "AZURE_STORAGE_ACCOUNT is missing: the storage account's name (Azure portal, Storage accounts), used with Entra ID; " +
        "or set AZURE_STORAGE_CONNECTION_STRING (storage account, Access keys).",
    );
    return { account: "" };
  }
  if (!/^[a-z0-9]{3,24}$/.test(account)) {
    faults.push(`AZURE_STORAGE_ACCOUNT is "${account}": give the bare name, 3 to 24 of a-z and 0-9, and no address.`);
  }
  return { account };
}

function readContainer(name: string, faults: string[]): string {
  if (!/^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) {
    faults.push(`AZURE_STORAGE_CONTAINER is "${name}": 3 to 63 of a-z, 0-9 and single hyphens.`);
  }
  return name;
}

/** For so many days pictures are kept, by the file or else by the setting; for ever where neither says so. */
export function keepDaysOf({
  configuration,
  keepDays,
}: Pick<Settings, "configuration" | "keepDays">): number | undefined {
  return configuration.present.keepDays ?? keepDays;
}

function readKeepDays(text: string | undefined, faults: string[]): number | undefined {
  if (text === undefined) return undefined;
  const days = Number(text);
  if (Number.isInteger(days) && days >= 1 && days <= MOST_KEEP_DAYS) return days;
  faults.push(
    `KEEP_DAYS is "${text}": give a whole number of days from 1 to ${MOST_KEEP_DAYS}, or leave it out to keep pictures until somebody deletes them.`,
  );
  return undefined;
}

function readLogLevel(level: string, faults: string[]): string {
  const levels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"];
  if (!levels.includes(level)) faults.push(`LOG_LEVEL is "${level}": one of ${levels.join(", ")}.`);
  return levels.includes(level) ? level : "info";
}

/** Below this address a deployment is called: v1 names it in the body, the dated path in the address. */
export function callAddress({ provider, endpoint, apiVersion }: ImagesSettings, deployment: string): string {
  if (provider === "openai") return endpoint;
  return apiVersion ? `${endpoint}/openai/deployments/${encodeURIComponent(deployment)}` : `${endpoint}/openai/v1`;
}
