{#
    1 for a touch whose remainder is among the largest of its entry, as long as any hundredths are left; else 0. The
    remainders of an entry sum to what is left. In a model with the windows `in_entry` and `by_remainder`, whose order
    is from the largest.

    Example: see models/intermediate/attribution/int_attribution_allocations.sql
#}
{% macro one_more(remainder, by_remainder) -%}
    case when row_number() over {{ by_remainder }} <= sum({{ remainder }}) over in_entry then 1 else 0 end
{%- endmacro %}
