/** Certificates as an authority gives them out, made with `openssl`. */

import { shell } from "./shell.ts";

/** An authority of one's own in a directory. */
export class Authority {
  private constructor(readonly directory: string, readonly pem: string) {}

  static async make(directory: string): Promise<Authority> {
    await run(
      directory,
      "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 100 -subj /CN=Authority " +
        "-addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign -keyout ca.key -out ca.pem",
    );
    return new Authority(directory, await Deno.readTextFile(`${directory}/ca.pem`));
  }

  /** Path of the authority's own certificate. */
  get path(): string {
    return `${this.directory}/ca.pem`;
  }

  /** Issues a certificate for this machine to `NAME.pem` and `NAME.key`; `NAME` stands in it. Returns its fingerprint. */
  async issue(name: string): Promise<string> {
    const extensions = "subjectAltName=DNS:localhost,IP:127.0.0.1\\nbasicConstraints=critical,CA:FALSE\\n" +
      "keyUsage=critical,digitalSignature\\nextendedKeyUsage=serverAuth\\n";
    await run(
      this.directory,
      `openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=${name} -keyout ${name}.key ` +
        `-out ${name}.csr && printf '${extensions}' >${name}.ext && openssl x509 -req -in ${name}.csr -CA ca.pem ` +
        `-CAkey ca.key -CAcreateserial -days 90 -extfile ${name}.ext -out ${name}.pem`,
    );
    return await fingerprintOf(`${this.directory}/${name}.pem`);
  }
}

/** SHA-256, as `openssl` writes it. */
export async function fingerprintOf(path: string): Promise<string> {
  const { stdout } = await shell(`openssl x509 -in '${path}' -noout -fingerprint -sha256`);
  return stdout.trim().split("=")[1]!;
}

/** The name in the certificate that a server on this port shows now. */
export async function nameServed(port: number): Promise<string | undefined> {
  const { stdout } = await shell(
    `openssl s_client -connect 127.0.0.1:${port} -servername localhost </dev/null 2>/dev/null | openssl x509 -noout -subject`,
  );
  return /CN ?= ?(.+)/.exec(stdout)?.[1]?.trim();
}

async function run(cwd: string, line: string): Promise<void> {
  const { code, stderr } = await shell(line, { cwd });
  if (code !== 0) throw new Error(stderr);
}
