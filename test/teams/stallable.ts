/** A way to a server that can be made to hang: what is sent is held back until it flows again, and nothing is refused. */
import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";

export type StallableWay = { port: number; stall(): void; flow(): void; stop(): void };

export async function openStallableWay(port: number): Promise<StallableWay> {
  const sockets = new Set<Socket>();
  let stalled = false;
  let held: (() => void)[] = [];
  const forward = (from: Socket, to: Socket) => {
    sockets.add(from);
    from.on("data", (chunk) => (stalled ? held.push(() => to.write(chunk)) : to.write(chunk)));
    from.on("close", () => to.destroy());
    from.on("error", () => to.destroy());
  };
  const server = createServer((near) => {
    const far = connect(port, "127.0.0.1");
    forward(near, far);
    forward(far, near);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    stall() {
      stalled = true;
    },
    flow() {
      stalled = false;
      for (const release of held.splice(0)) release();
    },
    stop() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
