import { describe, expect, it } from "vitest";
import { wordsOf } from "./client";

const problem = { title: "Not found", detail: "no flight of that id", where: "f1", remedy: "see GET /v1/flights", korean: "그런 번호의 비행이 없습니다" };

describe("a problem", () => {
  it("is told in the language of the page, with its place", () => {
    expect(wordsOf(problem, "en")).toBe("no flight of that id · f1 · see GET /v1/flights");
    expect(wordsOf(problem, "ko")).toBe("그런 번호의 비행이 없습니다 · f1");
    expect(wordsOf({ ...problem, where: "/v1/flights/f1" }, "ko")).toBe("그런 번호의 비행이 없습니다");
    expect(wordsOf({ title: "Bad gateway" }, "ko")).toBe("Bad gateway");
  });
});
