/** A length or speed as people read it: a decimal where it is small, none where it is not. */
export function amount(value: number): string {
  return Math.abs(value) < 20 ? value.toFixed(1) : value.toFixed(0);
}

export function percent(share: number): string {
  if (share === 0 || share === 1) return `${share * 100} %`;
  return `${(share * 100).toFixed(share < 0.1 || share > 0.95 ? 1 : 0)} %`;
}
