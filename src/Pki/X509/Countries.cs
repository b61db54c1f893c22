using System.Collections.Frozen;
using System.Globalization;

namespace Countersign.Pki.X509;

/// <summary>The two-letter codes of ISO 3166-1, which are what countryName may hold (X.520 6.3.1), and how the countries are called.</summary>
public static class Countries
{
    // As of 2024; XK is not assigned by ISO but in use for Kosovo.
    private static readonly FrozenSet<string> Codes = (
        "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ "
        + "DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT "
        + "JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ "
        + "NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ "
        + "TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW").Split(' ').ToFrozenSet(StringComparer.Ordinal);

    /// <summary>True for a code in capital letters that is assigned.</summary>
    public static bool Has(string code) => Codes.Contains(code);

    /// <summary>How the country of a code is called in English; null for what is no code, and where the platform has no name.</summary>
    public static string? NameOf(string? code)
    {
        if (code is null || !Codes.Contains(code.ToUpperInvariant()))
        {
            return null;
        }

        try
        {
            return new RegionInfo(code.ToUpperInvariant()).EnglishName;
        }
        catch (ArgumentException)
        {
            return null; // the platform knows no region where nobody lives
        }
    }

    /// <summary>Code and name as a person reads them back, "DE (Germany)"; what is no code as it is.</summary>
    public static string? Spelled(string? code) => NameOf(code) is { } name ? $"{code} ({name})" : code;

    /// <summary>Why something is no code, with the one that was probably meant.</summary>
    public static string Fault(string text)
    {
        var meant = Codes.FirstOrDefault(c => string.Equals(NameOf(c), text.Trim(), StringComparison.OrdinalIgnoreCase));
        return $"the country is the two-letter code ISO 3166 assigns to it, such as DE; '{text}' is none{(meant is null ? "" : $". {NameOf(meant)} is {meant}")}";
    }
}
