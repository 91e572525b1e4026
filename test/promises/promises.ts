import { describe } from "vitest";
import { asking } from "./asking.ts";
import { keeping } from "./keeping.ts";
import { goingOn } from "./going-on.ts";
import type { Platform } from "./platform.ts";
import { privacy } from "./privacy.ts";
import { rights } from "./rights.ts";
import { openStage } from "./stage.ts";
import { trouble } from "./trouble.ts";

/** What every platform promises to the people on it. What one alone must do is tested beside its adapter. */
export function promises(open: () => Promise<Platform>): void {
  const own = openStage(open);
  describe("a command", () => asking(own));
  describe("a finished picture", () => goingOn(own));
  describe("the wall of a channel", () => keeping(own));
  describe("what is somebody's own", () => rights(own));
  describe("what is kept of somebody", () => privacy(own));
  describe("when something does not answer", () => trouble(own));
}
