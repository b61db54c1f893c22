namespace Countersign.Server.Resources;

/// <summary>Names the resource file with every text of the console: Text.resx.</summary>
internal sealed class Text;

/// <summary>Names the resource file with every refusal: Refusals.resx. Key = code; key + ".next" = what was kept and what to do.</summary>
internal sealed class Refusals;
