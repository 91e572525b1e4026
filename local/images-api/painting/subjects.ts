import { drawBookLighthouse, drawCastle, drawHouse, drawLighthouse } from "./buildings.ts";
import type { Canvas } from "./canvas.ts";
import { css, lighter } from "./colour.ts";
import { drawBirds, drawCat, drawFox, drawPerson, drawRobot, drawWhale } from "./creatures.ts";
import { heightAt } from "./land.ts";
import type { Ridge } from "./land.ts";
import {
  drawCar,
  drawDragon,
  drawHat,
  drawKite,
  drawMoon,
  drawRainbow,
  drawSofa,
  drawSun,
  drawUmbrella,
} from "./more-things.ts";
import type { Draw, Place } from "./place.ts";
import type { Subject } from "./scene.ts";
import { drawBalloon, drawBoat, drawBooks, drawFlowers, drawRocket, drawTree } from "./things.ts";

type Row = {
  draw: Draw;
  stands: "sky" | "water" | "ground" | "front";
  /** In units, a hundredth of the shorter edge. */ tall: number;
};

/** `planet` is not here: it belongs to the sky. */
const ROWS: Record<Exclude<Subject, "planet">, Row> = {
  lighthouse: { draw: drawLighthouse, stands: "ground", tall: 58 },
  castle: { draw: drawCastle, stands: "ground", tall: 52 },
  house: { draw: drawHouse, stands: "ground", tall: 30 },
  robot: { draw: drawRobot, stands: "ground", tall: 40 },
  cat: { draw: drawCat, stands: "ground", tall: 36 },
  fox: { draw: drawFox, stands: "ground", tall: 26 },
  person: { draw: drawPerson, stands: "ground", tall: 34 },
  rocket: { draw: drawRocket, stands: "sky", tall: 44 },
  balloon: { draw: drawBalloon, stands: "sky", tall: 40 },
  boat: { draw: drawBoat, stands: "water", tall: 26 },
  whale: { draw: drawWhale, stands: "water", tall: 19 },
  book: { draw: drawBooks, stands: "ground", tall: 26 },
  tree: { draw: drawTree, stands: "ground", tall: 50 },
  flowers: { draw: drawFlowers, stands: "front", tall: 26 },
  birds: { draw: drawBirds, stands: "sky", tall: 18 },
  dragon: { draw: drawDragon, stands: "sky", tall: 36 },
  umbrella: { draw: drawUmbrella, stands: "ground", tall: 36 },
  sofa: { draw: drawSofa, stands: "ground", tall: 26 },
  kite: { draw: drawKite, stands: "sky", tall: 30 },
  hat: { draw: drawHat, stands: "ground", tall: 22 },
  car: { draw: drawCar, stands: "ground", tall: 26 },
};

/** What can be put into a picture that is there: all of the above, and what a scene has by itself. */
const ALONE = { moon: drawMoon, sun: drawSun, rainbow: drawRainbow } as const;
export type Thing = keyof typeof ROWS | keyof typeof ALONE;

/** One thing by itself, in the middle of the canvas, with room around it. */
export function paintThing(canvas: Canvas, thing: Thing): string {
  const { width, height, scene } = canvas;
  const draw = thing in ALONE ? ALONE[thing as keyof typeof ALONE] : ROWS[thing as keyof typeof ROWS].draw;
  const isTower = thing === "lighthouse" && scene.subjects.includes("book");
  const place: Place = { x: width / 2, y: height * 0.72, tall: height * 0.45, lightFrom: scene.sun.x < 0.5 ? -1 : 1 };
  return (isTower ? drawBookLighthouse : draw)(canvas, place);
}

/** Whether it hangs in the air, or stands on something. */
export function hangs(thing: Thing): boolean {
  return thing in ALONE || ROWS[thing as keyof typeof ROWS].stands === "sky";
}

export type Subjects = { behindGround: string; onGround: string };

/** Places what the words name: the first on the higher side of the ground, away from the sun, the others beside it. */
export function paintSubjects(canvas: Canvas, ridge: Ridge): Subjects {
  const { subjects } = canvas.scene;
  const bookTower = subjects.includes("lighthouse") && subjects.includes("book");
  const named = subjects.filter(
    (subject): subject is keyof typeof ROWS => subject !== "planet" && !(bookTower && subject === "book"),
  );
  const [behind, on]: [string[], string[]] = [[], []];
  for (const [index, subject] of named.entries()) {
    const row = ROWS[subject];
    const draw = bookTower && subject === "lighthouse" ? drawBookLighthouse : row.draw;
    const place = placeOf(canvas, ridge, row, index);
    const shadow = row.stands === "ground" ? paintShadow(canvas, place) : "";
    (row.stands === "ground" || row.stands === "front" ? on : behind).push(shadow + draw(canvas, place));
  }
  return { behindGround: behind.join(""), onGround: on.join("") };
}

/** The ground is darker where something stands on it, away from the light. */
function paintShadow({ unit, scene }: Canvas, { x, y, tall, lightFrom }: Place): string {
  const dark = css(lighter(scene.mood.near, -14), 0.5);
  return `<ellipse cx="${x - lightFrom * unit * 2}" cy="${y - unit * 0.3}" rx="${Math.min(tall * 0.3, unit * 11)}" ry="${unit * 1.3}" fill="${dark}"/>`;
}

function placeOf({ width, height, unit, scene }: Canvas, ridge: Ridge, { stands, tall }: Row, index: number): Place {
  const side = scene.sun.x < 0.5 ? 1 : -1;
  const lightFrom = scene.sun.x < 0.5 ? -1 : 1;
  const across = 0.5 + side * ([0.19, -0.14, 0.02][index] ?? 0.3);
  const place = (x: number, y: number): Place => ({
    x: x * width,
    y,
    tall: tall * unit * (index ? 0.78 : 1),
    lightFrom,
  });
  switch (stands) {
    case "sky":
      return place(index ? 0.5 - side * 0.2 : 0.5 + side * 0.16, height * 0.2 + tall * unit * 0.75);
    case "water":
      return place(0.5 - side * (index ? 0.24 : 0.14), height * (scene.horizon + 0.09) + unit * 2);
    case "front":
      return place(0.5, height - tall * unit * 0.5);
    case "ground":
      return place(across, heightAt(ridge, across) + unit * 2.2);
  }
}
