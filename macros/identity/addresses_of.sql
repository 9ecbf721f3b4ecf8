{#
    The e-mails and phones of the rows of a step, each in a row of its own (address_kind, address_hash): the first of a
    cell, then those that it has besides. `key` is a column to keep.

    Example: addresses_of('records', key='record_key')
#}
{% macro addresses_of(rows, key=none) -%}
    {%- for kind, column in [('e-mail', 'email'), ('phone', 'phone')] %}
    select
        {{ key ~ ',' if key }}
        '{{ kind }}' as address_kind,
        {{ column }}_hash as address_hash
    from {{ rows }}
    where {{ column }}_hash is not null
    union all
    select
        {{ key ~ ',' if key }}
        '{{ kind }}' as address_kind,
        {{ split_list('more_' ~ column ~ '_hashes') }} as address_hash
    from {{ rows }}
    where more_{{ column }}_hashes is not null
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
