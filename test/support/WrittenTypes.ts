/**
 * What Strata writes itself, as an SDK's types have it: lists that may be changed, the declared fields alone, and of a list's
 * elements those whose kind is declared. What goes back as it came may be anything: `never` stands for it, which fits all.
 */
type Declared<T> = keyof { [Name in keyof T as string extends Name ? never : Name]: unknown }

type IsWhole<T> = [Declared<T>] extends [never] ? true
  : T extends { readonly type?: infer Type } ? "type" extends Declared<T> ? string extends Type ? true : false : false
  : false

type Modeled<T> = T extends object ? IsWhole<T> extends true ? never : T : T

/** A value, or an element of a list. */
type Each<T> = [Modeled<T>] extends [never] ? never : Written<Modeled<T>>

export type Written<T> = T extends ReadonlyArray<infer Element> ? Array<Each<Element>>
  : T extends object ? { -readonly [Name in keyof T as string extends Name ? never : Name]: Each<T[Name]> }
  : T
