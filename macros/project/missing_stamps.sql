{#
    The stamps of `stamps_of` that an incremental model which carries on (carries_on.sql) lacks, as a list of literals, or
    what another column says of them; null where it lacks none. Literals reach the scan of a large table through the views
    above it, where a join would not.

    Example: where batch_hash in ({{ '{{' }} missing_stamps() {{ '}}' }})
#}
{% macro missing_stamps(column=none) -%}
    {%- set meta = config.get('meta') -%}
    {%- set missing -%}
        select {{ column or meta.stamp }}
        from {{ ref(meta.stamps_of) }}
        where {{ meta.stamp }} not in (select {{ meta.stamp }} from {{ this }})
        order by 1
    {%- endset -%}
    {%- set literals = [] -%}
    {%- for value in run_query(missing).columns[0].values() -%}
        {%- do literals.append("'" ~ value ~ "'" if value is string else value) -%}
    {%- endfor -%}
    {{ return(literals | join(', ') or 'null') }}
{%- endmacro %}
