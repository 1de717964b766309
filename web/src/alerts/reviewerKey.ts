/** A key for those who are not signed in: kept in this tab's memory only, never on the disk. */
let key = "";

export const keptKey = {
  get: (): string => key,
  set: (given: string): void => {
    key = given.trim();
  },
};

export function withKey(headers: Record<string, string>): Record<string, string> {
  return key === "" ? headers : { ...headers, Authorization: `Bearer ${key}` };
}
