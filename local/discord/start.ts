import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { WebSocketServer } from "ws";
import { sendAutocomplete, sendCommand, sendContextCommand, type CommandAction } from "./actions.ts";
import { announceMessage } from "./announcements.ts";
import { plantFileTrouble } from "./cdn.ts";
import type { FakeMessage, FaultKind, FileTrouble, LoggedRequest } from "./records.ts";
import type { Occasion } from "./events.ts";
import { matching, plantFault, type PlantedFault, type RequestMatcher } from "./faults.ts";
import { askReconnect, dropConnections, greet, invalidateSessions } from "./gateway.ts";
import { removeMessage } from "./messages.ts";
import { submitModal, type FieldValue } from "./modal-submission.ts";
import { makeChannel, makeGuild, makePerson, type Channel, type Guild, type Person } from "./places.ts";
import { playInteraction, type PlayedInteraction } from "./played-interaction.ts";
import { post, say, type Post } from "./posts.ts";
import { chooseFrom, pressButton, type PressAction } from "./press.ts";
import { serve } from "./rest.ts";
import { letTimePass } from "./time.ts";
import { mebibyte } from "./wire.ts";
import { makeWorld, noteChange, until, type Cast, type Limits, type World } from "./world.ts";

export type FakeDiscordOptions = Partial<Limits> & {
  /** With a key and certificate it is https and wss, and names the production hosts; without, itself. */
  tls?: { key: string; cert: string };
  port?: number;
  /** Who is there, and where; Ada in one channel of one server unless set. */
  cast?: Cast;
};

export type FakeDiscord = Awaited<ReturnType<typeof startFakeDiscord>>;

const defaults: Limits = {
  interactionSeconds: 3,
  tokenSeconds: 900,
  attachmentSeconds: 24 * 60 * 60,
  heartbeatSeconds: 41.25,
  fileBytes: 10 * mebibyte,
  tooLarge: 40005,
  oldEdits: { edits: 3, seconds: 20 },
  rateLimits: true,
  grantedIntents: 0,
};

/** Discord on one port of this machine: REST v10, gateway v10 and the CDN. */
export async function startFakeDiscord(options: FakeDiscordOptions = {}) {
  const { tls, port = 0, cast, ...limits } = options;
  const world = makeWorld({ ...defaults, ...limits }, { cdn: "", media: "", gateway: "" }, cast);
  const server = openServer(world, tls);
  await server.listen(port);
  const actualPort = server.port();
  const scheme = tls ? "https" : "http";
  const url = `${scheme}://127.0.0.1:${actualPort}`;
  world.addresses = tls
    ? { cdn: "https://cdn.discordapp.com", media: "https://media.discordapp.net", gateway: "wss://gateway.discord.gg" }
    : { cdn: url, media: url, gateway: url.replace("http", "ws") };
  return {
    world,
    port: actualPort,
    url,
    token: world.token,
    applicationId: world.application.id,
    guildId: [...world.guilds.keys()][0] ?? "",
    channelId: [...world.channels.keys()][0] ?? "",
    bot: world.bot,
    asker: world.asker,
    /** May be changed at any time. */
    limits: world.limits,
    requests: world.requests,
    /** The calls of the CDN, by either of its names. */
    fileRequests: world.fileRequests,
    violations: world.violations,
    commands: world.commands,
    gateway: world.gateway,
    ...peopleAndPlaces(world),
    ...things(world),
    ...doings(world),
    ...troubles(world),
    /** Gone: connections are torn and new ones refused, on the same port, until it comes back. */
    disappear: server.close,
    reappear: () => server.listen(actualPort),
    stop: server.close,
  };
}

function peopleAndPlaces(world: World) {
  return {
    addPerson: (name: string, given: { permissions?: bigint; moderator?: boolean } = {}): Person => {
      const person = makePerson(name, given);
      world.people.set(person.id, person);
      return person;
    },
    addGuild: (name: string, locale?: string): Guild => {
      const guild = makeGuild(name, locale);
      world.guilds.set(guild.id, guild);
      return guild;
    },
    addChannel: (given: Partial<Channel> = {}): Channel => {
      const channel = makeChannel(given);
      world.channels.set(channel.id, channel);
      return channel;
    },
    /** The channel itself: turn its switches to take permissions from the bot. */
    channel: (id: string): Channel => {
      const channel = world.channels.get(id);
      if (channel === undefined) throw new Error(`there is no channel ${id}`);
      return channel;
    },
  };
}

function things(world: World) {
  const inChannel = (id: string): FakeMessage[] =>
    [...world.messages.values()].filter(({ channelId }) => channelId === id);
  return {
    /** What everybody sees in a channel now. */
    messages: (channelId: string): FakeMessage[] => inChannel(channelId).filter(({ ephemeralFor }) => !ephemeralFor),
    /** What one person alone sees there. */
    ephemeralMessages: (channelId: string, user: Person = world.asker): FakeMessage[] =>
      inChannel(channelId).filter(({ ephemeralFor }) => ephemeralFor === user.id),
    /** Every message that ever stood in a channel, ephemeral and deleted ones too. */
    everStood: (channelId: string): FakeMessage[] => [
      ...inChannel(channelId),
      ...world.goneMessages.filter((message) => message.channelId === channelId),
    ],
    message: (id: string): FakeMessage | undefined => world.messages.get(id),
    /** Somebody deletes a channel, with its threads and all that stands in them. */
    removeChannel: (id: string): void => {
      for (const channel of world.channels.values()) {
        if (channel.id !== id && channel.parentId !== id) continue;
        for (const message of inChannel(channel.id)) removeMessage(world, message);
        world.channels.delete(channel.id);
      }
      noteChange(world);
    },
    /** Somebody takes the bot out of the server: nothing there is for it any more. */
    removeBot: (): void => {
      for (const channel of world.channels.values()) if (channel.guildId !== undefined) channel.access = false;
      noteChange(world);
    },
    /** A moderator deletes a message. */
    removeMessage: (message: FakeMessage): void => {
      removeMessage(world, message);
      announceMessage(world, "MESSAGE_DELETE", message);
    },
    /** Answers of 401, 403 and 429 (but `shared`): 10 000 in ten minutes and the address is banned. */
    invalidRequests: (): number => world.requests.filter(({ status }) => [401, 403, 429].includes(status ?? 0)).length,
    requestsTo: (matcher: RequestMatcher): LoggedRequest[] => world.requests.filter(matching(matcher)),
    until: <Found>(
      look: () => Found | undefined | false,
      given?: { seconds?: number; what?: string },
    ): Promise<Found> => until(world, look, given),
    untilRequest: (matcher: RequestMatcher, seconds = 40): Promise<LoggedRequest> =>
      until(world, () => world.requests.find(matching(matcher)), { seconds, what: "a request" }),
    /** Waits until so many sessions of the bot are connected. */
    untilConnected: (sessions = 1, seconds = 60): Promise<boolean> => {
      const connected = () => [...world.sessions.values()].filter(({ socket }) => socket).length >= sessions;
      return until(world, connected, { seconds, what: `${sessions} connected sessions` });
    },
  };
}

function doings(world: World) {
  const opened = (modal: PlayedInteraction) => {
    const interaction = world.interactions.get(modal.id);
    if (interaction === undefined) throw new Error("this event is not of this Discord");
    return interaction;
  };
  return {
    command: async (action: CommandAction) => playInteraction(world, await sendCommand(world, action)),
    autocomplete: async (action: CommandAction & { focused: string }) =>
      playInteraction(world, await sendAutocomplete(world, action)),
    /** From the menu of a message (type 3) or of a person (type 2). */
    contextCommand: async (action: Occasion & { name: string; target: FakeMessage | Person }) =>
      playInteraction(world, sendContextCommand(world, action)),
    button: async (action: PressAction) => playInteraction(world, pressButton(world, action)),
    select: async (action: PressAction & { values: string[] }) => playInteraction(world, chooseFrom(world, action)),
    modalSubmit: async ({
      modal,
      ...action
    }: Occasion & { modal: PlayedInteraction; values: Record<string, FieldValue> }) =>
      playInteraction(world, await submitModal(world, { openedBy: opened(modal), ...action })),
    say: (action: Occasion & { content: string }) => say(world, action),
    post: (action: Post) => post(world, action),
    letTimePass: (seconds: number): void => {
      letTimePass(world, seconds);
    },
  };
}

function troubles(world: World) {
  return {
    /** Plants a fault; it strikes once unless `times` says otherwise. */
    fail: (matcher: RequestMatcher, fault: FaultKind & { times?: number; skip?: number }): PlantedFault =>
      plantFault(world, matcher, fault),
    /** Something goes wrong with a file, found by its name; it strikes once unless `times` says otherwise. */
    failFile: (name: string | RegExp, trouble: FileTrouble & { times?: number }) =>
      plantFileTrouble(world, name, trouble),
    /** Closes the gateway's connections with a code, or cuts them without one. */
    dropGateway: (code?: number): void => {
      dropConnections(world, code);
    },
    refuseGateway: (refusing: boolean): void => {
      world.gateway.refusing = refusing;
    },
    withholdHeartbeatAcks: (withholding: boolean): void => {
      world.gateway.withholdingAcks = withholding;
    },
    /** Op 7. */
    askReconnect: (): void => {
      askReconnect(world);
    },
    /** Op 9. */
    invalidateSessions: (resumable: boolean): void => {
      invalidateSessions(world, resumable);
    },
  };
}

function openServer(world: World, tls: { key: string; cert: string } | undefined) {
  const sockets = new Set<Socket>();
  const gateway = new WebSocketServer({ noServer: true });
  const server = tls ? createHttpsServer(tls) : createHttpServer();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  server.on("request", (incoming, outgoing) => {
    serve(world, incoming, outgoing).catch((error: unknown) => {
      // Whoever is killed in the middle of a request has broken no rule.
      if (!incoming.complete) return void outgoing.destroy();
      world.violations.push({
        kind: "answer",
        call: `${incoming.method} ${incoming.url}`,
        problems: [
          {
            path: [],
            code: "FAKE_FAILED",
            message: error instanceof Error ? (error.stack ?? error.message) : String(error),
          },
        ],
      });
      outgoing.destroy();
    });
  });
  server.on("upgrade", (incoming, socket: Socket, head) => {
    if (world.gateway.refusing) {
      world.gateway.log.push({ time: Date.now(), what: "refused" });
      socket.end("HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n");
      return;
    }
    gateway.handleUpgrade(incoming, socket, head, (connection) => {
      greet(world, connection, new URL(incoming.url ?? "/", "http://gateway.test").searchParams);
    });
  });
  return {
    port: (): number => (server.address() as AddressInfo).port,
    listen: async (port: number): Promise<void> => {
      server.listen(port, "127.0.0.1");
      await once(server, "listening");
    },
    close: async (): Promise<void> => {
      if (!server.listening) return;
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
