import { localize, tick } from "./clock.js";

const board = document.getElementById("board");
localize(board);
setInterval(() => tick(board), 1000);
tick(board);
