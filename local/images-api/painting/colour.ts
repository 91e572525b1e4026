/** Hue in degrees, saturation and lightness in percent. */
export type Colour = readonly [hue: number, saturation: number, lightness: number];

export function css([hue, saturation, lightness]: Colour, opacity = 1): string {
  return `hsla(${hue.toFixed(0)},${clamp(saturation).toFixed(1)}%,${clamp(lightness).toFixed(1)}%,${opacity})`;
}

export function lighter([hue, saturation, lightness]: Colour, by: number): Colour {
  return [hue, saturation, clamp(lightness + by)];
}

export function saturated([hue, saturation, lightness]: Colour, factor: number): Colour {
  return [hue, clamp(saturation * factor), lightness];
}

/** Mixed as light is, by red, green and blue: around the circle of hues, orange and blue would meet in magenta. */
export function mix(from: Colour, to: Colour, part: number): Colour {
  const [one, other] = [rgbOf(from), rgbOf(to)];
  const between = (channel: 0 | 1 | 2) => one[channel] + (other[channel] - one[channel]) * part;
  return colourOf([between(0), between(1), between(2)]);
}

/** Red, green and blue from 0 to 1. */
export type Rgb = readonly [number, number, number];

function rgbOf([hue, saturation, lightness]: Colour): Rgb {
  const light = lightness / 100;
  const chroma = (saturation / 100) * Math.min(light, 1 - light);
  const channel = (offset: number) => {
    const turn = (offset + hue / 30) % 12;
    return light - chroma * Math.max(-1, Math.min(turn - 3, 9 - turn, 1));
  };
  return [channel(0), channel(8), channel(4)];
}

export function colourOf([red, green, blue]: Rgb): Colour {
  const [most, least] = [Math.max(red, green, blue), Math.min(red, green, blue)];
  const [light, spread] = [(most + least) / 2, most - least];
  if (spread < 1e-6) return [0, 0, light * 100];
  const saturation = spread / (1 - Math.abs(2 * light - 1));
  const sixth =
    most === red ? (green - blue) / spread : most === green ? (blue - red) / spread + 2 : (red - green) / spread + 4;
  return [(sixth * 60 + 360) % 360, saturation * 100, light * 100];
}

function clamp(percent: number): number {
  return Math.min(100, Math.max(0, percent));
}
