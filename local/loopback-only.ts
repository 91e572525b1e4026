/**
 * Loaded with `--import` before a program that knows no such setting: it listens on this machine alone, reaches nothing but
 * this machine, and ends when its parent is gone. The parent hears of each refused host.
 */
import { Server, Socket } from "node:net";

const LOOPBACK = "127.0.0.1";
const LOOPBACK_NAMES = new Set([LOOPBACK, "localhost", "::1"]);

process.on("disconnect", () => process.exit());

/* oxlint-disable typescript/unbound-method -- both are called with the `this` that they are called on here */
type Listen = (this: Server, ...parameters: unknown[]) => Server;
const listen = Server.prototype.listen as Listen;
Server.prototype.listen = function listenOnLoopback(this: Server, ...parameters: unknown[]) {
  const [first, ...rest] = parameters;
  if (typeof first === "object" && first !== null) {
    return listen.call(this, "port" in first ? { ...first, host: LOOPBACK } : first, ...rest);
  }
  return listen.call(this, first, LOOPBACK, ...rest.filter((each) => typeof each === "function"));
} as Server["listen"];

type Connect = (this: Socket, ...parameters: unknown[]) => Socket;
type Target = { host?: unknown; path?: unknown };
const connect = Socket.prototype.connect as Connect;
Socket.prototype.connect = function connectToLoopback(this: Socket, ...parameters: unknown[]) {
  const { host, path } = readTarget(parameters);
  const name = typeof host === "string" ? host : LOOPBACK;
  if (typeof path === "string" || LOOPBACK_NAMES.has(name)) return connect.call(this, ...parameters);
  process.send?.({ refused: name });
  const error = Object.assign(new Error(`${name} is not this machine`), { code: "ENOTFOUND" });
  process.nextTick(() => this.destroy(error));
  return this;
};

/** Node hands over what was asked for in one of three forms: an array it has already read, an object, or port and host. */
function readTarget([first, second]: unknown[]): Target {
  const given: unknown = Array.isArray(first) ? first[0] : first;
  if (typeof given === "object" && given !== null) return given;
  return { host: second };
}
