import { AppError } from '@afo/kit'
import { createTransport } from 'nodemailer'
import { resolveTarget } from './address.js'
import type { Sender, SenderOptions } from './ports.js'

/** E-mail by SMTP. The same alert has the same Message-ID, so that a repeat after a crash can be recognised. */
export const emailSender =
  ({ allowed, timeoutMs }: SenderOptions): Sender =>
  async (alert, { email }, { alert_smtp_password: password }) => {
    if (email === null) throw new AppError('notReady', 'No e-mail is set in the settings')
    if (email.security === 'none' && !allowed.includes(email.host))
      throw new AppError('invalid', 'A mail server in the world is spoken to by TLS alone', { code: 'alert-target' })
    const { address } = await resolveTarget(email.host, allowed)
    const transport = createTransport({
      host: address,
      port: email.port,
      secure: email.security === 'tls',
      requireTLS: email.security === 'starttls',
      ignoreTLS: email.security === 'none',
      tls: { servername: email.host },
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      // What an alert is made of is text; nothing is fetched for it.
      disableFileAccess: true,
      disableUrlAccess: true,
      ...(email.user === null || password === undefined ? {} : { auth: { user: email.user, pass: password } }),
    })
    try {
      await transport.sendMail({
        from: email.from,
        to: [...email.to],
        subject: alert.subject,
        text: alert.text,
        messageId: `<${alert.id}@${email.from.split('@').at(-1)}>`,
      })
    } catch (cause) {
      throw new AppError('unavailable', cause instanceof Error ? cause.message : 'The mail server did not take it', {
        cause,
      })
    } finally {
      transport.close()
    }
  }
