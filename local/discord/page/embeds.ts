import { make } from "./dom.ts";
import { safeAddress } from "./components.ts";
import { markdown } from "./markdown.ts";
import type { Sight } from "./sight.ts";

type Embed = {
  title?: string;
  description?: string;
  url?: string;
  color?: number;
  author?: { name: string };
  image?: { url: string };
  thumbnail?: { url: string };
  footer?: { text: string };
  fields?: { name: string; value: string; inline?: boolean }[];
};

/** A classic embed. */
export function showEmbed(embed: Embed, sight: Sight): HTMLElement {
  const { title, description, url, color, author, image, thumbnail, footer, fields = [] } = embed;
  const look = ({ url: address }: { url: string }, name: string) =>
    make(
      "button",
      {
        class: `picture ${name}`,
        type: "button",
        "aria-label": "Look at the picture",
        click: () => sight.does.view([{ url: address, description: title ?? "" }], 0),
      },
      make("img", { src: address, alt: "" }),
    );
  const box = make(
    "div",
    { class: "embed" },
    author && make("p", { class: "embed-author" }, author.name),
    title !== undefined &&
      make("p", { class: "embed-title" }, url ? make("a", { href: safeAddress(url), target: "_blank" }, title) : title),
    description !== undefined && make("div", {}, markdown(description, sight.names)),
    fields.length > 0 &&
      make(
        "div",
        { class: "embed-fields" },
        ...fields.map(({ name, value, inline }) =>
          make("div", { class: inline ? "inline" : "" }, make("b", {}, name), markdown(value, sight.names)),
        ),
      ),
    thumbnail && look(thumbnail, "embed-thumbnail"),
    image && look(image, "embed-image"),
    footer && make("p", { class: "embed-footer" }, footer.text),
  );
  if (color !== undefined) box.style.borderInlineStartColor = `#${color.toString(16).padStart(6, "0")}`;
  return box;
}
