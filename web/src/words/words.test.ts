import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { alertWords } from "./alerts";
import { flightWords } from "./flights";
import { seasonWords } from "./season";
import { settingsWords } from "./settings";
import { shellWords } from "./shell";
import { mapWords } from "./map";
import { reasonWords } from "./reasons";
import { replayWords } from "./replay";
import { uploadWords } from "./upload";
import { fill, type Phrase } from "./words";

const rooms: Record<string, Record<string, Phrase>> = {
  alertWords, flightWords, mapWords, reasonWords, replayWords, seasonWords, settingsWords, shellWords, uploadWords,
};

describe.each(Object.entries(rooms))("%s", (_, dictionary) => {
  it.each(Object.entries(dictionary))("%s is there in both languages, with the same places", (_key, phrase) => {
    expect(phrase.ko.trim()).not.toBe("");
    expect(phrase.en.trim()).not.toBe("");
    expect(places(phrase.ko)).toEqual(places(phrase.en));
  });
});

/** Signs that are the same in both, and the names of the languages and of the project. */
const SAME = /^(Wideberth|한국어|English|kn|m|[\s\d:;·.,()±%/×°–+|-]|&\w+;)*$/;

describe("the page", () => {
  it.each(sources("src").filter((file) => file.endsWith(".tsx")))("%s holds no words of its own", (file) => {
    const text = readFileSync(file, "utf-8");
    const literal = [...text.matchAll(/>([^<>{}=;]*[A-Za-z가-힣]{2,}[^<>{}=;()]*)<\//g)].map((match) => (match[1] ?? "").trim());
    expect(literal.filter((words) => !SAME.test(words))).toEqual([]);
    const said = [...text.matchAll(/(?:aria-label|title|placeholder|alt)="([^"]+)"/g)].map((match) => match[1]);
    expect(said).toEqual([]);
  });
});

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? sources(path) : [path];
  });
}

function places(text: string): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "").sort();
}

describe("fill", () => {
  it("puts values in their places and shows what is missing", () => {
    expect(fill("{a} of {b}", { a: 1 })).toBe("1 of {b}");
  });
});
