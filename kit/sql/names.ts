import type { RangeVar, TypeName } from 'libpg-query'
import type { ColumnType } from './action.ts'
import type { Tree } from './tree.ts'

/** `recruits` for public's, `archive.recruits` for another schema's. */
export function tableName({ schemaname, relname }: RangeVar): string {
  return qualified(schemaname, relname ?? '')
}

/** The name in `DROP TABLE a.b`, a list of words, or in `DROP FUNCTION a.b(text)`. */
export function objectName(object: Tree): string {
  const names = object.List?.items ?? object.TypeName?.names ?? object.ObjectWithArgs?.objname
  const words = stringsOf(names ?? [object])
  return qualified(words.at(-2), words.at(-1) ?? '')
}

export function qualified(schema: string | undefined, name: string): string {
  return schema === undefined || schema === 'public' ? name : `${schema}.${name}`
}

export function stringsOf(nodes: readonly unknown[] = []): string[] {
  return nodes.map((node) => (node as Tree).String?.sval ?? '')
}

export function typeOf(type: TypeName | undefined): ColumnType {
  const sizes = (type?.typmods ?? []).map((size) => (size as Tree).A_Const?.ival?.ival ?? 0)
  return { name: stringsOf(type?.names).at(-1) ?? '', sizes, isArray: (type?.arrayBounds ?? []).length > 0 }
}

/** The column that an expression is, a cast of it included; undefined for anything else. */
export function columnOf(expression: Tree | undefined): string | undefined {
  if (expression?.TypeCast) return columnOf(expression.TypeCast.arg as Tree)
  return stringsOf(expression?.ColumnRef?.fields).at(-1) || undefined
}

/** As a person writes it. */
export function typeText({ name, sizes, isArray }: ColumnType): string {
  const plain = { int2: 'smallint', int4: 'integer', int8: 'bigint', bool: 'boolean', bpchar: 'char' }[name] ?? name
  return `${plain}${sizes.length > 0 ? `(${sizes.join(', ')})` : ''}${isArray ? '[]' : ''}`
}
