import { withoutNulls } from "./components.ts";
import { checkCommand, checkCommands, mostPerType, type Command, type CommandOption } from "./command-rules.ts";
import { describeUser } from "./places.ts";
import { invalidForm, refusal, type Answer } from "./refusals.ts";
import type { LoggedRequest } from "./records.ts";
import { makeSnowflake } from "./snowflake.ts";
import type { Fields } from "./wire.ts";
import { noteChange, type World } from "./world.ts";

export async function readApplication(world: World): Promise<Answer> {
  const { id, name, flags } = world.application;
  const body = {
    id,
    name,
    icon: null,
    description: "",
    type: null,
    bot: describeUser(world.bot),
    bot_public: true,
    bot_require_code_grant: false,
    verify_key: "0".repeat(64),
    flags,
    flags_new: String(flags),
    redirect_uris: [],
    interactions_endpoint_url: null,
    role_connections_verification_url: null,
    owner: describeUser(world.asker),
    approximate_guild_count: world.guilds.size,
    approximate_user_install_count: 0,
    approximate_user_authorization_count: 0,
    explicit_content_filter: 0,
    team: null,
    eligible_oauth2_scopes: [],
    integration_types_config: { "0": {}, "1": {} },
  };
  return { status: 200, body };
}

export async function readSelf(world: World): Promise<Answer> {
  const { primary_guild: _, ...user } = describeUser(world.bot);
  const own = { mfa_enabled: true, locale: "en-US", premium_type: 0, email: null, verified: true };
  return { status: 200, body: { ...user, ...own } };
}

export async function readUser(world: World, _: LoggedRequest, [id]: string[]): Promise<Answer> {
  const person = world.people.get(id ?? "");
  return person === undefined ? refusal(10013) : { status: 200, body: describeUser(person) };
}

export async function readGateway(world: World): Promise<Answer> {
  return { status: 200, body: { url: world.addresses.gateway } };
}

export async function readGatewayForBot(world: World): Promise<Answer> {
  const remaining = Math.max(0, 1000 - world.gateway.identifies);
  const limit = { total: 1000, remaining, reset_after: 14_400_000, max_concurrency: 1 };
  return { status: 200, body: { url: world.addresses.gateway, shards: 1, session_start_limit: limit } };
}

export async function readCommands(world: World, _: LoggedRequest, [application, guild]: string[]): Promise<Answer> {
  return refuseScope(world, application, guild) ?? { status: 200, body: world.commands.get(guild ?? "global") ?? [] };
}

/** Replaces all of them, of every type. */
export async function putCommands(
  world: World,
  { body }: LoggedRequest,
  [application, guild]: string[],
): Promise<Answer> {
  const refused = refuseScope(world, application, guild);
  if (refused) return refused;
  const given = (body ?? []) as Command[];
  const problems = checkCommands(given);
  if (problems.length > 0) return invalidForm(problems);
  const commands = given.map((command) => registerCommand(world, command, guild));
  world.commands.set(guild ?? "global", commands);
  noteChange(world);
  return { status: 200, body: commands };
}

/** Adds one; an old one of the same name and type makes room. */
export async function postCommand(
  world: World,
  { body }: LoggedRequest,
  [application, guild]: string[],
): Promise<Answer> {
  const refused = refuseScope(world, application, guild);
  if (refused) return refused;
  const given = body as Command;
  const problems = checkCommand(given, []);
  if (problems.length > 0) return invalidForm(problems);
  const before = world.commands.get(guild ?? "global") ?? [];
  const others = before.filter((one) => one["name"] !== given.name || one["type"] !== (given.type ?? 1));
  const command = registerCommand(world, given, guild);
  const type = given.type ?? 1;
  if (others.filter((one) => one["type"] === type).length >= (mostPerType[type] ?? 1)) return refusal(30032);
  world.commands.set(guild ?? "global", [...others, command]);
  noteChange(world);
  return { status: others.length < before.length ? 200 : 201, body: command };
}

function refuseScope(world: World, application: string | undefined, guild: string | undefined): Answer | undefined {
  if (application !== world.application.id) return refusal(20012);
  return guild !== undefined && !world.guilds.has(guild) ? refusal(50001) : undefined;
}

/** Extensions are kept in small letters. */
function registerOption(option: CommandOption): Fields {
  const file_types = option.file_types?.map((type) => type.toLowerCase());
  const options = option.options?.map(registerOption);
  return withoutNulls({ ...option, file_types, options });
}

function registerCommand(world: World, command: Command & Fields, guild: string | undefined): Fields {
  const before = (world.commands.get(guild ?? "global") ?? []).find(
    (one) => one["name"] === command.name && one["type"] === (command.type ?? 1),
  );
  const global = guild === undefined;
  const permissions = (command["default_member_permissions"] ?? null) as string | number | null;
  const contexts = command["contexts"] ?? [0, 1, 2];
  return {
    ...withoutNulls({ ...command, options: command.options?.map(registerOption) }),
    id: before?.["id"] ?? makeSnowflake(),
    application_id: world.application.id,
    version: makeSnowflake(),
    type: command.type ?? 1,
    description: command.description ?? "",
    default_member_permissions: permissions === null ? null : String(permissions),
    nsfw: command["nsfw"] ?? false,
    ...(global ? { integration_types: command["integration_types"] ?? [0], contexts } : { guild_id: guild }),
  };
}
