declare module "virtual:coast" {
  const coast: import("./coast").Coast;
  export default coast;
}
