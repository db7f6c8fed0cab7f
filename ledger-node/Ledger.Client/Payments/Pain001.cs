using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Xml;
using Ledger.Client.Files;

namespace Ledger.Client.Payments;

/// <summary>Writes payment orders as ISO 20022 customer credit transfer initiations, <c>pain.001.001.10</c>, in UTF-8.</summary>
public static class Pain001
{
    const string Schema = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.10";

    // The bank that keeps the debtor's account gets the message itself and need not be told who it is; the schema wants a word.
    const string NotProvided = "NOTPROVIDED";

    /// <summary>The message; an order that <see cref="PaymentOrder.TryValidate"/> refuses has none.</summary>
    public static byte[] Write(PaymentOrder order) =>
        TryWrite(order, out var message, out var problem) ? message : throw new ArgumentException($"The order cannot be written: {problem}.", nameof(order));

    public static bool TryWrite(PaymentOrder order, [NotNullWhen(true)] out byte[]? message, [NotNullWhen(false)] out ImportProblem? problem)
    {
        message = null;
        if (!order.TryValidate(out problem)) return false;

        using var file = new MemoryStream();
        using (var writer = XmlWriter.Create(file, new() { Encoding = FileText.Utf8, Indent = true, NewLineChars = "\n" })) Write(writer, order);
        file.WriteByte((byte)'\n');
        message = file.ToArray();
        return true;
    }

    static void Write(XmlWriter writer, PaymentOrder order)
    {
        var count = order.Lines.Count.ToString(CultureInfo.InvariantCulture);
        var sum = MessageSum.Text(order.Lines.Select(line => (line.Amount, line.Currency)));

        writer.WriteStartElement("Document", Schema);
        writer.WriteStartElement("CstmrCdtTrfInitn");
        writer.WriteStartElement("GrpHdr");
        writer.WriteElementString("MsgId", order.MessageId);
        writer.WriteElementString("CreDtTm", order.CreatedAt.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture));
        writer.WriteElementString("NbOfTxs", count);
        writer.WriteElementString("CtrlSum", sum);
        WriteName(writer, "InitgPty", order.Debtor);
        writer.WriteEndElement();

        writer.WriteStartElement("PmtInf");
        writer.WriteElementString("PmtInfId", order.MessageId);
        writer.WriteElementString("PmtMtd", "TRF");

        // Each payment is booked by itself, so that each has a notice of its own.
        writer.WriteElementString("BtchBookg", "false");
        writer.WriteElementString("NbOfTxs", count);
        writer.WriteElementString("CtrlSum", sum);
        writer.WriteStartElement("ReqdExctnDt");
        writer.WriteElementString("Dt", FileDate.Text(order.ExecutionDate));
        writer.WriteEndElement();
        WriteName(writer, "Dbtr", order.Debtor);
        WriteAccount(writer, "DbtrAcct", order.Debtor.Account);
        WriteAgent(writer, "DbtrAgt", order.Debtor.Agent);
        foreach (var line in order.Lines) WriteLine(writer, line);
        writer.WriteEndElement();

        writer.WriteEndElement();
        writer.WriteEndElement();
    }

    static void WriteLine(XmlWriter writer, PaymentLine line)
    {
        writer.WriteStartElement("CdtTrfTxInf");
        writer.WriteStartElement("PmtId");
        writer.WriteElementString("EndToEndId", line.EndToEndId);
        writer.WriteEndElement();

        writer.WriteStartElement("Amt");
        writer.WriteStartElement("InstdAmt");
        writer.WriteAttributeString("Ccy", line.Currency.Code);
        writer.WriteString(MessageSum.Text([(line.Amount, line.Currency)]));
        writer.WriteEndElement();
        writer.WriteEndElement();

        if (line.Creditor.Agent is { } agent) WriteAgent(writer, "CdtrAgt", agent);
        WriteName(writer, "Cdtr", line.Creditor);
        WriteAccount(writer, "CdtrAcct", line.Creditor.Account);
        if (line.Remittance is { } remittance)
        {
            writer.WriteStartElement("RmtInf");
            writer.WriteElementString("Ustrd", remittance);
            writer.WriteEndElement();
        }

        writer.WriteEndElement();
    }

    static void WriteName(XmlWriter writer, string element, PaymentParty party)
    {
        writer.WriteStartElement(element);
        writer.WriteElementString("Nm", party.Name);
        writer.WriteEndElement();
    }

    static void WriteAccount(XmlWriter writer, string element, PaymentAccount account)
    {
        writer.WriteStartElement(element);
        writer.WriteStartElement("Id");
        if (account.IsIban)
        {
            writer.WriteElementString("IBAN", account.Number);
        }
        else
        {
            writer.WriteStartElement("Othr");
            writer.WriteElementString("Id", account.Number);
            writer.WriteEndElement();
        }

        writer.WriteEndElement();
        writer.WriteEndElement();
    }

    static void WriteAgent(XmlWriter writer, string element, PaymentAgent? agent)
    {
        writer.WriteStartElement(element);
        writer.WriteStartElement("FinInstnId");
        if (agent?.Bic is { } bic) writer.WriteElementString("BICFI", bic);
        if (agent?.Cnaps is { } cnaps)
        {
            writer.WriteStartElement("ClrSysMmbId");
            writer.WriteStartElement("ClrSysId");
            writer.WriteElementString("Cd", "CNAPS");
            writer.WriteEndElement();
            writer.WriteElementString("MmbId", cnaps);
            writer.WriteEndElement();
        }

        if (agent is null)
        {
            writer.WriteStartElement("Othr");
            writer.WriteElementString("Id", NotProvided);
            writer.WriteEndElement();
        }

        writer.WriteEndElement();
        writer.WriteEndElement();
    }
}
