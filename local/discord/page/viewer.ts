import { safeAddress } from "./components.ts";
import { icon, make, wayBack } from "./dom.ts";
import type { Picture } from "./sight.ts";

/** Shows pictures large, one after another. */
export function openViewer(pictures: Picture[], start: number): void {
  const goBack = wayBack(document.activeElement);
  let at = start;
  const image = make("img", { alt: "" });
  const words = make("p", { class: "viewer-words" });
  const original = make("a", { target: "_blank", rel: "noreferrer" }, "Open in Browser");
  const show = (to: number) => {
    at = (to + pictures.length) % pictures.length;
    const { url = "", description = "" } = pictures[at] ?? {};
    image.src = url;
    image.alt = description;
    words.textContent = description;
    original.href = safeAddress(url) ?? "";
  };
  const step = (by: number, name: string, sign: string) =>
    make("button", { type: "button", class: "round step", "aria-label": name, click: () => show(at + by) }, sign);
  const dialog = make(
    "dialog",
    {
      class: "viewer",
      "aria-label": "Picture",
      close: () => {
        dialog.remove();
        goBack();
      },
      click: ({ target }: MouseEvent) => {
        if (target === dialog || (target as Element).classList.contains("viewer-stage")) dialog.close();
      },
      keydown: ({ key }: KeyboardEvent) => {
        if (key === "ArrowLeft") show(at - 1);
        if (key === "ArrowRight") show(at + 1);
      },
    },
    make(
      "button",
      { type: "button", class: "round viewer-close", "aria-label": "Close", click: () => dialog.close() },
      icon("close"),
    ),
    make(
      "div",
      { class: "viewer-stage" },
      pictures.length > 1 && step(-1, "Picture before", "‹"),
      image,
      pictures.length > 1 && step(1, "Next picture", "›"),
    ),
    make("footer", {}, words, original),
  );
  show(start);
  document.body.append(dialog);
  dialog.showModal();
}
