/**
 * `reader`, whose methods all reject instead of throwing, with what `translate` makes of the error.
 */
export function watched<T extends object>(reader: T, translate: (error: unknown) => unknown): T {
  const methods = new Map<PropertyKey, (...args: unknown[]) => Promise<unknown>>();
  return new Proxy(reader, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== "function") return member;
      let method = methods.get(name);
      if (!method) {
        method = async (...args) => {
          try {
            return await member.apply(target, args);
          } catch (error) {
            throw translate(error);
          }
        };
        methods.set(name, method);
      }
      return method;
    },
  });
}
