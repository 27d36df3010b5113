import { Session, type Runtime } from 'node:inspector'

export type Evaluation = { kind: 'value' | 'error'; value: unknown } | { kind: 'unfinished' }

/**
 * Runs code as the console of a browser does: with top-level await, and with `const` that may be written again.
 * Node's own prompt does not wait for an `await` before it takes the next line of a pipe.
 */
export async function evaluate(code: string): Promise<Evaluation> {
  const { result, exceptionDetails } = await runInConsole(code)
  if (!exceptionDetails) {
    // Without an `await`, a query of Prisma's is sent only here, and may fail here.
    return fetchValue(result).then(
      (value) => ({ kind: 'value', value }),
      (value) => ({ kind: 'error', value }),
    )
  }
  if (await isUnfinished(code, exceptionDetails)) return { kind: 'unfinished' }
  return { kind: 'error', value: await fetchValue(exceptionDetails.exception!) }
}

const session = new Session()
session.connect()

function runInConsole(expression: string): Promise<Runtime.EvaluateReturnType> {
  return post('Runtime.evaluate', { expression, replMode: true, awaitPromise: true })
}

async function isUnfinished(code: string, { exception }: Runtime.ExceptionDetails): Promise<boolean> {
  const text = exception?.className === 'SyntaxError' ? exception.description! : ''
  if (text.startsWith('SyntaxError: Unexpected end of input')) return true
  if (!text.startsWith('SyntaxError: missing ) after argument list')) return false
  // `f(1` may go on and `f(1 2)` may not, with the same message; neither can run with a comma behind it.
  const { exceptionDetails } = await runInConsole(`${code.trimEnd()},`)
  return exceptionDetails?.exception?.description?.startsWith('SyntaxError: Unexpected end of input') === true
}

/** The inspector answers with a description of the value; a function that it calls gets the value itself. */
async function fetchValue({ objectId, value, unserializableValue }: Runtime.RemoteObject): Promise<unknown> {
  let found: unknown
  const inbox = Symbol.for('workshop.shell')
  Object.assign(globalThis, { [inbox]: (it: unknown) => void (found = it) })
  const { result } = await runInConsole('globalThis')
  await post('Runtime.callFunctionOn', {
    objectId: result.objectId,
    functionDeclaration: "function (it) { this[Symbol.for('workshop.shell')](it) }",
    arguments: [objectId ? { objectId } : unserializableValue ? { unserializableValue } : { value }],
  })
  return found
}

function post<T>(method: string, parameters: object): Promise<T> {
  return new Promise((resolve, reject) => {
    session.post(method, parameters, (error, answer) => (error ? reject(error) : resolve(answer as T)))
  })
}
