/** Microsoft's side of a bot for Teams, on this machine: logging in, the connector, and a managed identity. */
import { readFileSync } from "node:fs";
import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { answerConnector, connectorHost, isOurBot, type Connector, type Reaction } from "./connector.ts";
import { keepConversations, type Conversations, type Edit, type StandingActivity } from "./conversations.ts";
import {
  handleExchange,
  planFaults,
  type Answer,
  type Fault,
  type LoggedRequest,
  type Matcher,
  type ReceivedRequest,
} from "./exchange.ts";
import { keepFiles, sharePointHost, strangerHost, type Files } from "./files.ts";
import { signingKeys } from "./keys.ts";
import { answerBotLogin, answerLogin, botLoginHost, loginHost, type Directory } from "./login.ts";
import { answerManagedIdentity, identityHeader } from "./managed-identity.ts";
import { keepPace } from "./pace.ts";
import { person } from "./people.ts";
import { refusals } from "./refusals.ts";
import { checkEntraToken, mintChannelToken, mintEntraToken, type EntraTokenRequest, type Forging } from "./tokens.ts";
import type { Violation } from "./violations.ts";

export const microsoftHostNames = [loginHost, botLoginHost, connectorHost, sharePointHost, strangerHost];
export const teamsServiceUrl = `https://${connectorHost}/teams/`;

export type MicrosoftOptions = {
  /** Paths of PEM files; the certificate must name `microsoftHostNames`. */
  key: string;
  cert: string;
  /** Any free one unless set. */
  port?: number;
  tenant: string;
  appId: string;
  appPassword: string;
  /** False lets a bot write faster than Teams does; unset, Teams' pace holds. */
  pace?: boolean;
};

export type Microsoft = {
  port: number;
  tenant: string;
  appId: string;
  /** For the redirect. */
  hosts: Record<string, number>;
  /** IDENTITY_ENDPOINT and IDENTITY_HEADER: a managed identity for whoever has them in his environment. */
  identityEnvironment: { IDENTITY_ENDPOINT: string; IDENTITY_HEADER: string };
  /** Every request to any of the hosts and to the managed identity, in order of arrival. */
  log: LoggedRequest[];
  reactions: Reaction[];
  conversations: Conversations;
  /** What people send along, where the bot fetches it. */
  files: Files;
  /** What the bot did that Teams does not refuse on the wire, and people pay for. */
  violations: Violation[];
  /** What the bot wrote in this place and nobody took away, as it reads now. */
  activities(conversationId: string): StandingActivity[];
  /** What the person with this display name sees there, cards that people sent with a message extension included. */
  seenBy(user: string, conversationId: string): StandingActivity[];
  /** All that happened to one message, oldest first, also after it was deleted. */
  history(activityId: string): Edit[];
  /** Makes targeted messages and signed addresses older; tokens and rate limits stay as they are. */
  letTimePass(milliseconds: number): void;
  /** Plans a fault for the next request that fits, or the next `times`. Returns what calls the rest of it off. */
  fail(matcher: Matcher, fault: Fault, times?: number): () => void;
  /** The token that comes with an activity of Teams; `serviceUrl` is the claim, null leaves it out. */
  channelToken(forging?: Forging & { serviceUrl?: string | null }): string;
  /** A token of login.microsoftonline.com for this bot, unless something else is asked for. */
  entraToken(request?: Partial<EntraTokenRequest>): string;
  /** For other stand-ins: what is in the bearer token of a request, or what is wrong with it. */
  checkToken(authorization: string | undefined, audience: string): ReturnType<typeof checkEntraToken>;
  stop(): Promise<void>;
};

export async function startMicrosoft(options: MicrosoftOptions): Promise<Microsoft> {
  const { tenant, appId } = options;
  const keys = await signingKeys();
  const directory: Directory = { keys, tenant, appId, appPassword: options.appPassword };
  const conversations = keepConversations();
  const reactions: Reaction[] = [];
  const violations: Violation[] = [];
  const files = keepFiles({ tenant, now: () => conversations.now(), violations });
  const log: LoggedRequest[] = [];
  const faults = planFaults();
  const connector: Connector = {
    directory,
    conversations,
    reactions,
    violations,
    pace: options.pace === false ? undefined : keepPace(),
  };

  const front = createHttpsServer({ key: readFileSync(options.key), cert: readFileSync(options.cert) });
  const identity = createHttpServer();
  const answerHost = (request: ReceivedRequest) => answerByHost(connector, files, request);
  const answerIdentity = (request: ReceivedRequest) => answerManagedIdentity(directory, request);
  front.on(
    "request",
    listen((incoming, response) => handleExchange(incoming, response, { log, faults, answer: answerHost })),
  );
  identity.on(
    "request",
    listen((incoming, response) => handleExchange(incoming, response, { log, faults, answer: answerIdentity })),
  );
  const [port, identityPort] = await Promise.all([open(front, options.port), open(identity)]);

  return {
    port,
    tenant,
    appId,
    hosts: Object.fromEntries(microsoftHostNames.map((name) => [name, port])),
    identityEnvironment: {
      IDENTITY_ENDPOINT: `http://127.0.0.1:${identityPort}/msi/token`,
      IDENTITY_HEADER: identityHeader,
    },
    log,
    reactions,
    conversations,
    files,
    violations,
    activities: (conversationId) => structuredClone(conversations.standing(conversationId)),
    seenBy: (user, conversationId) => structuredClone(conversations.seenBy(person(user).id, conversationId)),
    history: (activityId) => structuredClone(conversations.history(activityId)),
    letTimePass: (milliseconds) => conversations.letTimePass(milliseconds),
    fail: (matcher, fault, times) => faults.plan(matcher, fault, times),
    channelToken: ({ serviceUrl = teamsServiceUrl, ...forging } = {}) =>
      mintChannelToken(keys, appId, serviceUrl ?? undefined, forging),
    entraToken: (request) => mintEntraToken(keys, { audience: appId, clientId: appId, tenant, ...request }),
    checkToken: (authorization, audience) => checkEntraToken(keys, authorization, { audience, tenant }),
    stop: async () => {
      await Promise.all([close(front), close(identity)]);
    },
  };
}

async function answerByHost(connector: Connector, files: Files, request: ReceivedRequest): Promise<Answer> {
  const { host } = request;
  if (host === loginHost) return answerLogin(connector.directory, request);
  if (host === botLoginHost) return answerBotLogin(connector.directory.keys, request);
  if (host === sharePointHost) return files.answerSharePoint(request);
  if (host === strangerHost) return files.answerStranger(request);
  if (host !== connectorHost) return { status: 421 };
  const version = request.segments.indexOf("v3");
  if (request.segments[version + 1] !== "attachments") return answerConnector(connector, request);
  if (!(await isOurBot(connector.directory, request))) return refusals.unauthorized;
  return files.answerAttachment(request.segments.slice(version + 2));
}

function listen(handle: (incoming: IncomingMessage, response: ServerResponse) => Promise<void>) {
  return (incoming: IncomingMessage, response: ServerResponse): void => {
    handle(incoming, response).catch((error: unknown) => incoming.socket.destroy(error as Error));
  };
}

function open(server: Server, port = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
