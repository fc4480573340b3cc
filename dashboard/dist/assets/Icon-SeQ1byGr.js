var e,t,n,r,i,a,o,s,c,l,u,d=Symbol.for(`pv`),f={},p=[],m=/^m(i|n|o|s|text|space)$/,h=Array.isArray,g=p.slice,_=Object.assign;function v(e){e&&e.parentNode&&e.remove()}function y(e,t,n){var r,i,a,o={},s=arguments.length;for(a in t)a==`key`?r=t[a]:a==`ref`&&typeof e!=`function`?i=t[a]:o[a]=t[a];return s>2&&(o.children=s>3?g.call(arguments,2):n),b(e,o,r,i,null)}function b(n,r,i,a,o){var s={type:n,props:r,key:i,ref:a,__k:null,__:null,__b:0,__e:null,__c:null,constructor:d,__v:o||++t,__i:-1,__u:0};return!o&&e.vnode&&e.vnode(s),s}function x(e){return e.children}function S(e,t){this.props=e,this.context=t,this.__g=0}function C(e,t){if(t==null)return e.__&&C(e.__,e.__i+1);for(var n;t<e.__k.length;t++)if((n=e.__k[t])&&n.__e)return n.__e;return typeof e.type!=`function`||e.props.__P?null:C(e)}function w(t){var n,r=t.__v,i=r.__e,a=[],o=[],s=t.__P;s&&((n=_({constructor:d},r)).__v=r.__v+1,e.vnode&&e.vnode(n),M(s,n,r,t.__n,s.namespaceURI,32&r.__u?[i]:null,a,i||C(r),32&r.__u,o),n.__v=r.__v,n.__.__k[n.__i]=n,N(a,n,o),r.__=r.__e=null,n.__e!=i&&T(n))}function T(e){if((e=e.__)&&e.__c&&!e.props.__P)return e.__e=null,e.__k.some(function(t){return t&&(e.__e=t.__e)}),T(e)}function E(t){(8&t.__g||(t.__g|=8,r.push(t),a++))&&i==e.debounceRendering||((i=e.debounceRendering)||queueMicrotask)(D)}function D(){try{for(var e,t=1;r.length;)r.length>t&&r.sort(o),e=r.shift(),t=r.length,8&e.__g&&w(e)}finally{(a=r.length)&&(i||queueMicrotask)(D)}}function ee(e,t,n,r,i,a,o,s,c,l,u){var d,m,h,g,_,v,y=r.__k||p,b=t.length;for(c=O(n,t,y,c,b),d=0;d<b;d++)(h=n.__k[d])!=null&&(m=~h.__i&&y[h.__i]||f,h.__i=d,v=M(e,h,m,i,a,o,s,c,l,u),g=h.__e,(m.ref!=h.ref||8&m.__u)&&(m.ref&&P(m.ref,null,h,m),h.ref&&u.push(h.ref,h.__c||g,h)),_||=g,4&h.__u?(c=k(h,c,e,!m.__v),m.__e&&(m.__e=null)):typeof h.type==`function`&&v!==void 0?c=v:g&&(c=g.nextSibling),h.__u&=-21);return n.__e=_,c}function O(e,t,n,r,i){var a,o,s,c,l,u,f,p,m,g=n.length,_=g,v=0,y=0,S=e.__k=Array(i);for(a=0;a<i;a++)(o=t[a])!=null&&typeof o!=`boolean`&&typeof o!=`function`?(typeof o!=`object`||o.constructor===String?o=S[a]=b(null,o):h(o)?o=S[a]=b(x,{children:o}):o.constructor===d&&o.__b?o=S[a]=b(o.type,o.props,o.key,o.ref,o.__v):S[a]=o,c=a+v,o.__=e,o.__b=e.__b+1,s=null,~(l=o.__i=te(o,n,c,_))&&(_--,(s=n[l])&&(s.__u|=2)),s&&s.__v?(o.__u|=16,l==c-1?v--:l==c+1?v++:l!=c&&(l>c?v--:v++,y=1)):(~l||(i>g?v--:i<g&&v++),typeof o.type!=`function`&&(o.__u|=4))):S[a]=null;if(y){for(u=[],f=[],a=0;a<i;a++)if((o=S[a])&&16&o.__u){for(v=0,p=u.length;v<p;)u[m=v+p>>1]<o.__i?v=m+1:p=m;u[v]=o.__i,f[a]=v+1}for(v=u.length;a--;)f[a]&&(f[a]==v?v--:S[a].__u|=4)}if(_)for(a=0;a<g;a++)!(s=n[a])||2&s.__u||(s.__e==r&&(r=C(s)),oe(s,s));return r}function k(e,t,n,r){var i,a,o,s;if(typeof e.type==`function`){if(e.props.__P)return t;if(i=e.__k)for(a=0;a<i.length;a++)i[a]&&(i[a].__=e,t=k(i[a],t,n,!1));return t}for(t&&!t.parentNode&&(t=C(e))&&!t.parentNode&&(t=null),o=e.__e,s=t;s&&s.nodeType==8;)s=s.nextSibling;for(o!=s&&(!r&&n.moveBefore&&o.parentNode?n.moveBefore(o,t):n.insertBefore(o,t||null)),t=o;(t&&=t.nextSibling)&&t.nodeType==8&&!t.data.startsWith(`$s`););return t}function te(e,t,n,r){var i,a=e.key,o=e.type,s=t[n],c=s&&!(2&s.__u);if(s===null&&a==null||c&&a==s.key&&o==s.type)return n;if(r>+!!c){for(i=n-1;i>=0;i--)if((s=t[i])&&!(2&s.__u)&&a==s.key&&o==s.type)return i;for(i=n+1;i<t.length;i++)if((s=t[i])&&!(2&s.__u)&&a==s.key&&o==s.type)return i}return-1}function ne(e,t,n){n??=``,t[0]==`-`?e.setProperty(t,n):e[t]=n}function A(e,t,n,r,i){var a,o;if(t==`style`){if(typeof n==`string`)e.style.cssText=n;else{if(typeof r==`string`&&(e.style.cssText=r=``),r)for(t in r)n&&t in n||ne(e.style,t);if(n)for(t in n)r&&n[t]==r[t]||ne(e.style,t,n[t])}}else if(t[0]==`o`&&t[1]==`n`)typeof n!=`function`&&(n=null),typeof r!=`function`&&(r=null),(e.__e||={})[t]=n,n&&r||(o=u[t]||(u[t]=j(t)),(e.__a||={})[t]=l,a=t!=(t=t.replace(c,`$1`)),(t=t.slice(2))[0]<`a`&&(t=t.toLowerCase()),n?e.addEventListener(t,o,a):e.removeEventListener(t,o,a));else{if(i==`http://www.w3.org/2000/svg`)t=t.replace(/xlink(H|:h)/,`h`).replace(/sName$/,`s`);else if(t!=`width`&&t!=`height`&&t!=`href`&&t!=`list`&&t!=`form`&&t!=`tabIndex`&&t!=`download`&&t!=`rowSpan`&&t!=`colSpan`&&t!=`role`&&t!=`popover`&&t in e)try{e[t]=n??``;return}catch{}if(typeof n==`function`)return;n==null||!1===n&&t[4]!=`-`?e.removeAttribute(t):e.setAttribute(t,t==`popover`&&n==1?``:n)}}function j(t){return function(n){var r=this.__e;if(r){if(r=r[t],n[s]==null)n[s]=l++;else if(n[s]<this.__a[t])return;return r(e.event?e.event(n):n)}}}function M(t,n,r,i,a,o,s,c,l,u){var f,m,g,y,b,w,T,E,D,O,k,te,ne,A,j,M,N,P,F=n.type;if(n.constructor!==d)return null;128&r.__u&&(l=32&r.__u,f=r.__c.__z)&&(n.__u|=l,m=o=[],f.nodeType==8?c=re(f,o):o.push(f),c=o[0]||c),(f=e.__b)&&f(n);n:if(typeof F==`function`){g=s.length;try{if(E=n.props,D=(f=F.prototype)&&f.render,O=(f=F.contextType)&&i[f.__c],k=f?O?O.props.value:f.__:i,(y=r.__c)?(n.__c=y,2&y.__g&&(y.__g|=1)):(D?n.__c=y=new F(E,k):(n.__c=y=new S(E,k),y.constructor=F,y.render=se),O&&O.sub(y),y.state||(y.state={}),y.__n=i,y.__g|=8,y.__h=[],y.__k=[]),D&&(y.__s||(y.__s=y.state),F.getDerivedStateFromProps&&(y.__s==y.state&&(y.__s=_({},y.__s)),_(y.__s,F.getDerivedStateFromProps(E,y.__s)))),b=y.props,w=y.state,y.__v=n,r.__c){if(E!==b&&D&&!F.getDerivedStateFromProps&&y.componentWillReceiveProps&&y.componentWillReceiveProps(E,k),n.__v==r.__v&&!(8&y.__g)||!(4&y.__g)&&y.shouldComponentUpdate&&!1===y.shouldComponentUpdate(E,y.__s,k)){n.__v!=r.__v&&(y.props=E,y.state=y.__s,y.__g&=-9),n.__e=r.__e,n.__k=r.__k,n.__k.some(function(e){e&&(e.__=n)}),p.push.apply(y.__h,y.__k),y.__k=[],y.__h.length&&s.push(y),c=C(r);break n}y.componentWillUpdate&&y.componentWillUpdate(E,y.__s,k),D&&y.componentDidUpdate&&y.__h.push(function(){y.componentDidUpdate(b,w,T)})}else D&&!F.getDerivedStateFromProps&&y.componentWillMount&&y.componentWillMount(),D&&y.componentDidMount&&y.__h.push(y.componentDidMount);y.context=k,y.props=E,y.__P=t,y.__g&=-5,te=e.__r,ne=D?25:0;do y.__g&=-9,te&&te(n),f=y.render(y.props,y.state=y.__s,y.context);while(8&y.__g&&++ne<25);D&&(p.push.apply(y.__h,y.__k),y.__k=[]),y.state=y.__s,y.getChildContext&&(i=_({},i,y.getChildContext())),D&&r.__c&&y.getSnapshotBeforeUpdate&&(T=y.getSnapshotBeforeUpdate(b,w)),A=f&&f.type===x&&f.key==null?f.props.children:f,E.__P&&(f=c,a=(t=E.__P).namespaceURI,l=o=null,r.props&&r.props.__P!=t&&(r.__k.some(function(e){e&&oe(e,e)}),r.__k=null),c=r.__k?C(r,0):null),c=ee(t,h(A)?A:[A],n,r,i,a,o,s,c,l,u),E.__P&&(n.__e=null,c=f),n.__u&=-161,m&&m.some(v),y.__h.length&&s.push(y),1&y.__g&&(y.__g&=-4)}catch(t){if(s.length=g,n.__v=null,l||o){if(t&&t.then){if(n.__u|=128|l,o){for(~(N=o.indexOf(c||void 0))||(N=o.length);(P=o[N-1])&&P.nodeType==8;)N--;for(;N<o.length;N++)if(P=o[N]){if(o[N]=null,j){if(P==M)break}else{if(P.nodeType!=8)break;P.data.startsWith(`$s`)&&(M=re(j=P))}}}if(!j){for(;c&&c.nodeType==8&&c.nextSibling;)c=c.nextSibling;j=c}(f=re(j=n.__c.__z||(n.__c.__z=j)))?(n.__e=j,c=f):n.__e=c,c&&=c.nextSibling}else o&&o.some(v)}else n.__e=r.__e;n.__k||=r.__k||[],t&&t.then||ie(n),e.__e(t,n,r)}}else c=n.__e=ae(r.__e,n,r,i,a,o,s,l,u,t);return(f=e.diffed)&&f(n),c}function re(e,t){if(e&&e.nodeType==8&&e.data.startsWith(`$s`))for(var n=1;e=e.nextSibling;){if(e.nodeType==8){if(e.data.startsWith(`$s`))n++;else if(e.data.startsWith(`/$s`)&&!--n)return e}t&&t.push(e)}}function ie(e){e&&(e.__c&&(e.__c.__g|=4),e.__k&&e.__k.some(ie))}function N(t,n,r){for(var i=0;i<r.length;)P(r[i++],r[i++],r[i++]);e.__c&&e.__c(n,t),t.some(function(n){try{t=n.__h,n.__h=[],t.some(function(e){e.call(n)})}catch(t){e.__e(t,n.__v)}})}function ae(t,n,r,i,a,o,s,c,l,u){var d,p,_,y,b,x,S,w,T=r.props||f,E=n.props,D=n.type;if(D==`svg`?a=`http://www.w3.org/2000/svg`:D==`math`?a=`http://www.w3.org/1998/Math/MathML`:a||=`http://www.w3.org/1999/xhtml`,o){for(d=0;d<o.length;d++)if((b=o[d])&&(D?b.localName==D:b.nodeType==3)){t=b,o[d]=null;break}}if(!t){if(w=u.ownerDocument||document,!D)return w.createTextNode(E);t=w.createElementNS(a,D,E.is?E:u),c&&=(e.__m&&e.__m(n,o),!1),o=null}if(D){if(u=D==`template`&&t.content||t,o=D==`textarea`&&E.defaultValue!=null?null:o&&g.call(u.childNodes),!c&&o)for(T={},d=0;d<t.attributes.length;d++)T[(b=t.attributes[d]).name]=b.value;for(d in T)b=T[d],d==`dangerouslySetInnerHTML`?_=b:d==`children`||d in E||d==`value`&&`defaultValue`in E||d==`checked`&&`defaultChecked`in E||A(t,d,null,b,a);for(d in E)b=E[d],d==`children`?y=b:d==`dangerouslySetInnerHTML`?p=b:d==`value`?x=b:d==`checked`?S=b:c&&typeof b!=`function`||T[d]===b||A(t,d,b,T[d],a);p?(c||_&&(p.__html==_.__html||p.__html==t.innerHTML)||(t.innerHTML=p.__html),n.__k=[]):(_&&(t.textContent=``),(D==`foreignObject`||a==`http://www.w3.org/1998/Math/MathML`&&m.test(D))&&(a=`http://www.w3.org/1999/xhtml`),ee(u,h(y)?y:[y],n,r,i,a,o,s,o?o[0]:r.__k&&C(r,0),c,l),o&&o.some(v)),c&&D!=`textarea`||(d=`value`,D==`progress`&&x==null?t.removeAttribute(d):x==null||x===t[d]&&(D!=`progress`||x)||A(t,d,x,T[d],a),d=`checked`,S!=null&&S!=t[d]&&A(t,d,S,T[d],a))}else T===E||c&&t.data==E||(t.data=E);return t}function P(t,n,r,i){try{typeof t==`function`?n?n.__x=t(n)||1:(i&&=i.__c||i.__e)&&(n=i.__x)&&(i.__x=null,typeof n==`function`?n():t(null)):t.current=n}catch(t){e.__e(t,r)}}function oe(t,n,r){var i,a,o,s;if(e.unmount&&e.unmount(t),!(i=t.ref)||i.current&&i.current!=t.__e||P(i,null,n,t),i=t.__c){if(i.componentWillUnmount)try{i.componentWillUnmount()}catch(t){e.__e(t,n)}i.__P=i.__n=null}if(i=t.__k)for(s=0;s<i.length;s++)i[s]&&oe(i[s],n,typeof t.type!=`function`||r&&!t.props.__P);!r&&(i=t.__c)&&(i=i.__z)&&(a=re(i,o=[]))&&(i==t.__e&&o.some(v),v(a),v(i)),r||v(t.__e),t.__e=t.__c=t.__=null}function se(e,t,n){return this.constructor(e,n)}function F(t,n){var r,i,a,o;e.__&&e.__(t,n),n.nodeType==9&&(n=n.documentElement),i=(r=t&&32&t.__u)?null:n.__k,n.__k=b(x,{children:[t]}),a=[],o=[],M(n,n.__k,i||f,f,n.namespaceURI,i?null:n.firstChild?g.call(n.childNodes):null,a,i?i.__e:n.firstChild,r,o),N(a,n.__k,o),n.__k.props.children=null}e={__e:function(e,t,n,r){for(var i,o,s;t=t.__;)if((i=t.__c)&&!(1&i.__g)){i.__g|=4;try{if((s=(o=i.constructor)&&o.getDerivedStateFromError)&&i.setState(o.getDerivedStateFromError(e)),i.componentDidCatch&&(i.componentDidCatch(e,r||{}),s=1),s&&8&i.__g)return void(i.__g|=2)}catch(t){e=t}}throw a=0,e}},t=0,n=function(e){return e!=null&&e.constructor===d},S.prototype.setState=function(e,t){var n=this.__s;n&&n!=this.state||(n=this.__s=_({},this.state)),typeof e==`function`&&(e=e(_({},n),this.props)),e&&(_(n,e),this.__v&&(t&&this.__k.push(t),E(this)))},S.prototype.forceUpdate=function(e){this.__v&&(this.__g|=4,e&&this.__h.push(e),E(this))},S.prototype.render=x,r=[],a=0,o=function(e,t){return e.__v.__b-t.__v.__b},s=Symbol(),c=/(PointerCapture)$|Capture$/i,l=0,u={};var I,L,ce,le,ue=Object.is,de=0,fe=[],pe=[],R=e,me=R.__b,he=R.__r,ge=R.diffed,_e=R.__c,ve=R.unmount,ye=R.__;function be(e,t){R.__h&&R.__h(L,e,de||t),de=0;var n=L.__H||(L.__H={__:[],__h:[]});return e>=n.__.length&&n.__.push({}),n.__[e]}function xe(e){return de=1,Se(Pe,e)}function Se(e,t,n){var r=be(I++,2);if(r.t=e,!r.__c&&(r.__=[n?n(t):Pe(void 0,t),function(e){var t=(r.__N||r.__)[0],n=r.t(t,e);ue(t,n)||(r.__N=[n,r.__[1]],r.__c.setState({}))}],r.__c=L,!L.__f)){L.__f=!0;var i=L.shouldComponentUpdate;L.shouldComponentUpdate=function(e,t,n){var r=this.__H;if(!r)return!0;var a=!1,o=this.props!=e;if(r.__.some(function(e){e.__N&&(a=!0,ue(e.__[0],e.__N[0])||(o=!0))}),i){var s=i.call(this,e,t,n);return a?s||o:s}return!a||o}}return r.__}function Ce(e,t){var n=be(I++,3);!R.__s&&Ne(n.__H,t)&&(n.__P=!0,n.__=e,n.u=t,L.__H.__h.push(n))}function we(e){return de=5,Te(function(){return{current:e}},[])}function Te(e,t){var n=be(I++,7);return Ne(n.__H,t)&&(n.__=e(),n.__H=t),n.__}function Ee(){var e=be(I++,11);if(!e.__){for(var t=L.__v;!t.__m&&t.__;)t=t.__;var n=t.__m||(t.__m=[0,0]);e.__=`P`+n[0]+`-`+n[1]++}return e.__}function De(){var e;do{for(;e=pe.shift();)try{je(e)}catch(t){R.__e(t,{__:(e=e.__P)&&e.__v})}for(;e=fe.shift();){var t=e.__H;if(e.__P&&t)try{t.__h.some(je),t.__h.some(Me),t.__h=[]}catch(n){t.__h=[],R.__e(n,e.__v)}}}while(pe.length)}R.__b=function(e){L=null,me&&me(e)},R.__=function(e,t){e&&t.__k&&t.__k.__m&&(e.__m=t.__k.__m),ye&&ye(e,t)},R.__r=function(e){he&&he(e),I=0;var t=(L=e.__c).__H;t&&(ce==L?L.__h=[]:(t.__h.some(je),t.__h.some(Me),I=0),t.__h=[],t.__.some(function(e){e.__N&&(e.__=e.__N),e.u=e.__N=void 0})),ce=L},R.diffed=function(e){ge&&ge(e);var t=e.__c;t&&t.__H&&(t.__H.__h.length&&Ae(fe.push(t)),t.__H.__.some(function(e){e.u&&(e.__H=e.u)})),ce=L=null},R.__c=function(e,t){t.some(function(e){try{e.__h.some(je),e.__h=e.__h.filter(function(e){return!e.__||Me(e)})}catch(t){e.__h=[function(){throw t}]}}),_e&&_e(e,t)},R.unmount=function(e){ve&&ve(e);var t,n,r=e.__c;r&&r.__H&&(r.__H.__.some(function(r){try{if(r.__P&&r.__c){if(n===void 0){for(n=e.__;n&&(!n.__c||!n.__c.__P);)n=n.__;n&&=n.__c}r.__P=n,Ae(pe.push(r))}else je(r)}catch(e){t=e}}),r.__H=void 0,t&&R.__e(t,r.__v))};var Oe=typeof requestAnimationFrame==`function`;function ke(e){var t,n=function(){clearTimeout(r),Oe&&cancelAnimationFrame(t),setTimeout(e)},r=setTimeout(n,35);Oe&&(t=requestAnimationFrame(n))}function Ae(e){e!=1&&le==R.requestAnimationFrame||((le=R.requestAnimationFrame)||ke)(De)}function je(e){var t=L,n=e.__c;typeof n==`function`&&(e.__c=void 0,n()),L=t}function Me(e){var t=L;e.__c=e.__(),L=t}function Ne(e,t){return!e||e.length!=t.length||t.some(function(t,n){return!ue(t,e[n])})}function Pe(e,t){return typeof t==`function`?t(e):t}var Fe=Symbol.for(`preact-signals`);function Ie(){if(H>1)H--;else{var e,t=!1;for((function(){var e=He;for(He=void 0;e!==void 0;){var t=e.S;if(t.v===e.v)for(var n=t.t;n!==void 0;n=n.x)n.i===e.i&&(n.i=t.i);e=e.o}})();V!==void 0;){var n=V;for(V=void 0,ze++;n!==void 0;){var r=n.u;if(n.u=void 0,n.f&=-3,!(8&n.f)&&Ge(n))try{n.c()}catch(n){t||=(e=n,!0)}n=r}}if(ze=0,H--,t)throw e}}function Le(e){if(H>0)return e();Ve=++Be,H++;try{return e()}finally{Ie()}}var z,B=void 0;function Re(e){var t=B,n=z;B=void 0,z=void 0;try{return e()}finally{B=t,z=n}}var V=void 0,H=0,ze=0,Be=0,Ve=0,He=void 0,Ue=0;function We(e){if(B!==void 0){var t=e.n;if(t===void 0||t.t!==B)return t={i:0,S:e,p:B.s,n:void 0,t:B,e:void 0,x:void 0,r:t},B.s!==void 0&&(B.s.n=t),B.s=t,e.n=t,32&B.f&&e.S(t),t;if(t.i===-1)return t.i=0,t.n!==void 0&&(t.n.p=t.p,t.p!==void 0&&(t.p.n=t.n),t.p=B.s,t.n=void 0,B.s.n=t,B.s=t),t}}function U(e,t){this.v=e,this.i=0,this.n=void 0,this.t=void 0,this.l=0,this.W=t?.watched,this.Z=t?.unwatched,this.name=t?.name}U.prototype.brand=Fe,U.prototype.h=function(){return!0},U.prototype.S=function(e){var t=this,n=this.t;n!==e&&e.e===void 0&&(e.x=n,this.t=e,n===void 0?Re(function(){var e;(e=t.W)==null||e.call(t)}):n.e=e)},U.prototype.U=function(e){var t=this;if(this.t!==void 0){var n=e.e,r=e.x;n!==void 0&&(n.x=r,e.e=void 0),r!==void 0&&(r.e=n,e.x=void 0),e===this.t&&(this.t=r,r===void 0&&Re(function(){var e;(e=t.Z)==null||e.call(t)}))}},U.prototype.subscribe=function(e){var t=this;return q(function(){var n=t.value;Re(function(){return e(n)})},{name:`sub`})},U.prototype.valueOf=function(){return this.value},U.prototype.toString=function(){return this.value+``},U.prototype.toJSON=function(){return this.value},U.prototype.peek=function(){var e=this;return Re(function(){return e.value})},Object.defineProperty(U.prototype,"value",{get:function(){var e=We(this);return e!==void 0&&(e.i=this.i),this.v},set:function(e){if(e!==this.v){if(ze>100)throw Error(`Cycle detected`);(function(e){H!==0&&ze===0&&e.l!==Ve&&(e.l=Ve,He={S:e,v:e.v,i:e.i,o:He})})(this),this.v=e,this.i++,Ue++,H++;try{for(var t=this.t;t!==void 0;t=t.x)t.t.N()}finally{Ie()}}}});function W(e,t){return new U(e,t)}function Ge(e){for(var t=e.s;t!==void 0;t=t.n)if(t.S.i!==t.i||!t.S.h()||t.S.i!==t.i)return!0;return!1}function Ke(e){for(var t=e.s;t!==void 0;t=t.n){var n=t.S.n;if(n!==void 0&&(t.r=n),t.S.n=t,t.i=-1,t.n===void 0){e.s=t;break}}}function qe(e){for(var t=e.s,n=void 0;t!==void 0;){var r=t.p;t.i===-1?(t.S.U(t),r!==void 0&&(r.n=t.n),t.n!==void 0&&(t.n.p=r)):n=t,t.S.n=t.r,t.r!==void 0&&(t.r=void 0),t=r}e.s=n}function G(e,t){U.call(this,void 0,t),this.x=e,this.s=void 0,this.g=Ue-1,this.f=4}G.prototype=new U,G.prototype.h=function(){if(this.f&=-3,1&this.f)return!1;if((36&this.f)==32||(this.f&=-5,this.g===Ue))return!0;if(this.g=Ue,this.f|=1,this.i>0&&!Ge(this))return this.f&=-2,!0;var e=B;try{Ke(this),B=this;var t=this.x();(16&this.f||this.v!==t||this.i===0)&&(this.v=t,this.f&=-17,this.i++)}catch(e){this.v=e,this.f|=16,this.i++}return B=e,qe(this),this.f&=-2,!0},G.prototype.S=function(e){if(this.t===void 0){this.f|=36;for(var t=this.s;t!==void 0;t=t.n)t.S.S(t)}U.prototype.S.call(this,e)},G.prototype.U=function(e){if(this.t!==void 0&&(U.prototype.U.call(this,e),this.t===void 0)){this.f&=-33;for(var t=this.s;t!==void 0;t=t.n)t.S.U(t)}},G.prototype.N=function(){if(!(2&this.f)){this.f|=6;for(var e=this.t;e!==void 0;e=e.x)e.t.N()}},Object.defineProperty(G.prototype,"value",{get:function(){if(1&this.f)throw Error(`Cycle detected`);var e=We(this);if(this.h(),e!==void 0&&(e.i=this.i),16&this.f)throw this.v;return this.v}});function Je(e,t){return new G(e,t)}function Ye(e){var t=e.j;if(e.j=void 0,typeof t==`function`){H++;var n=B;B=void 0;try{t()}catch(t){throw e.f&=-2,e.f|=8,Xe(e),t}finally{B=n,Ie()}}}function Xe(e){for(var t=e.s;t!==void 0;t=t.n)t.S.U(t);e.x=void 0,e.s=void 0,Ye(e)}function Ze(e){if(B!==this)throw Error(`Out-of-order effect`);qe(this),B=e,this.f&=-2;try{8&this.f&&Xe(this)}finally{Ie()}}function K(e,t){this.x=e,this.j=void 0,this.s=void 0,this.u=void 0,this.f=32,this.name=t?.name,z&&z.push(this)}K.prototype.c=function(){var e=this.S();try{if(8&this.f||this.x===void 0)return;var t=this.x();typeof t==`function`&&(this.j=t)}finally{e()}},K.prototype.S=function(){if(1&this.f)throw Error(`Cycle detected`);this.f|=1,this.f&=-9,Ye(this),Ke(this),H++;var e=B;return B=this,Ze.bind(this,e)},K.prototype.N=function(){2&this.f||(this.f|=2,this.u=V,V=this)},K.prototype.d=function(){this.f|=8,1&this.f||Xe(this)},K.prototype.dispose=function(){this.d()};function q(e,t){var n=new K(e,t);try{n.c()}catch(e){throw n.d(),e}var r=n.d.bind(n);return r[Symbol.dispose]=r,r}var Qe,$e,et=typeof window<`u`&&!!window.__PREACT_SIGNALS_DEVTOOLS__,tt=[];q(function(){Qe=this.N})();function J(t,n){e[t]=n.bind(null,e[t]||function(){})}function Y(e){if($e){var t=$e;$e=void 0,t()}$e=e&&e.S()}function nt(e){var t=this,r=e.data,i=it(r);i.name=`ReactiveDom`,i.value=r;var a=Te(function(){for(var e=t,r=t.__v;r=r.__;)if(r.__c){r.__c.__$f|=4;break}var a=Je(function(){var e=i.value.value;return e===0?0:!0===e?``:e||``}),o=Je(function(){return!Array.isArray(a.value)&&!n(a.value)}),s=q(function(){if(this.N=st,o.value){var t=a.value;e.__v&&e.__v.__e&&e.__v.__e.nodeType===3&&(e.__v.__e.data=t)}}),c=t.__$u.d;return t.__$u.d=function(){s(),c.call(this)},[o,a]},[]),o=a[0],s=a[1];return o.value?s.peek():s.value}nt.displayName=`ReactiveTextNode`,Object.defineProperties(U.prototype,{constructor:{configurable:!0,value:y(x,null).constructor},type:{configurable:!0,value:nt},props:{configurable:!0,get:function(){var e=this;return{data:{get value(){return e.value}}}}},__b:{configurable:!0,value:1}}),J(`__b`,function(e,t){if(Y(),typeof t.type==`string`){var n,r=t.props;for(var i in r)if(i!==`children`){var a=r[i];a instanceof U&&(n||(t.__np=n={}),n[i]=a,r[i]=a.peek())}}e(t)}),J(`__r`,function(e,t){if(e(t),t.type!==x){Y();var n,r=t.__c;r&&(r.__$f&=-2,(n=r.__$u)===void 0&&(r.__$u=n=function(e,t){var n;return q(function(){n=this},{name:t}),n.c=e,n}(function(e){return function(){var t;et&&((t=this.y)==null||t.call(this)),e.__$f|=1,e.setState({})}}(r),typeof t.type==`function`?t.type.displayName||t.type.name:``))),Y(n)}}),J(`__e`,function(e,t,n,r){Y(),e(t,n,r)}),J(`diffed`,function(e,t){Y();var n;if(typeof t.type==`string`&&(n=t.__e)){var r=t.__np,i=t.props,a=n.U;if(a)for(var o in a){var s=a[o];s===void 0||r&&o in r||(s.d(),a[o]=void 0)}if(r)for(var c in a||(a={},n.U=a),r){var l=a[c],u=r[c];l===void 0?(l=rt(n,c,u,i),a[c]=l):l.o(u,i)}}e(t)});function rt(e,t,n,r){var i=t in e&&e.ownerSVGElement===void 0,a=W(n);return{o:function(e,t){a.value=e,r=t},d:q(function(){this.N=st;var n=a.value.value;r[t]!==n&&(r[t]=n,i?e[t]=n:n!=null&&(!1!==n||t[4]===`-`)?e.setAttribute(t,n):e.removeAttribute(t))})}}J(`unmount`,function(e,t){if(typeof t.type==`string`){var n=t.__e;if(n){var r=n.U;if(r)for(var i in n.U=void 0,r){var a=r[i];a&&a.d()}}var o=t.__np;if(o){var s=t.props;for(var c in o)s[c]=o[c]}t.__np=void 0}else{var l=t.__c;if(l){l.__$f|=8;var u=l.__$u;u&&(l.__$u=void 0,u.d())}}e(t)}),J(`__h`,function(e,t,n,r){r<3&&(t.__$f|=2),e(t,n,r)}),S.prototype.shouldComponentUpdate=function(e,t){if(this.__R)return!0;var n=this.__$u,r=n&&n.s!==void 0;for(var i in t)return!0;if(this.__f||typeof this.u==`boolean`&&!0===this.u){var a=2&this.__$f;if(!(r||a||4&this.__$f)||1&this.__$f)return!0}else if(!(r||4&this.__$f)||3&this.__$f)return!0;for(var o in e)if(o!==`__source`&&e[o]!==this.props[o])return!0;for(var s in this.props)if(!(s in e))return!0;return!1};function it(e,t){return Te(function(){return W(e,t)},[])}var at=function(e){queueMicrotask(function(){queueMicrotask(e)})};function ot(){Le(function(){for(var e;e=tt.shift();)Qe.call(e)})}function st(){tt.push(this)===1&&(e.requestAnimationFrame||at)(ot)}var X=JSON.parse(document.querySelector(`meta[name=mykpi-options]`)?.content||`{}`),ct=`mykpi-session`;function lt(){try{return JSON.parse(sessionStorage.getItem(ct)??`null`)}catch{return null}}function ut(e){e?sessionStorage.setItem(ct,JSON.stringify(e)):sessionStorage.removeItem(ct)}function dt(){let e=new URLSearchParams(location.hash.slice(1)).get(`token`);return e?{token:e}:null}function ft(e){try{let t=e.split(`.`)[1].replace(/-/g,`+`).replace(/_/g,`/`),{exp:n}=JSON.parse(atob(t));return typeof n==`number`?n*1e3:1/0}catch{return 1/0}}var pt=6e4;function mt(e){return ft(e)-pt>Date.now()}var Z=W(lt());function Q(e){ut(e),Z.value=e}function ht(){let e=dt();return e?(history.replaceState(null,``,location.pathname+location.search),Q(e),!0):!1}var gt=`mykpi-sign-in`,_t=`/signed-in`;function vt(){return yt(crypto.getRandomValues(new Uint8Array(32)))}function yt(e){return btoa(String.fromCharCode(...e)).replace(/\+/g,`-`).replace(/\//g,`_`).replace(/=+$/,``)}function bt(e){return`https://${X.cognito.domain}${e}`}async function xt(){let e={state:vt(),verifier:vt(),returnTo:location.pathname+location.search};sessionStorage.setItem(gt,JSON.stringify(e));let t=await crypto.subtle.digest(`SHA-256`,new TextEncoder().encode(e.verifier)),n=new URLSearchParams({response_type:`code`,client_id:X.cognito.clientId,redirect_uri:location.origin+_t,scope:X.cognito.scopes.join(` `),state:e.state,code_challenge:yt(new Uint8Array(t)),code_challenge_method:`S256`});location.assign(bt(`/oauth2/authorize?`+n))}async function St(){let e=new URLSearchParams(location.search),t=JSON.parse(sessionStorage.getItem(gt)??`null`);sessionStorage.removeItem(gt);let n=e.get(`error_description`)??e.get(`error`);if(n)throw Error(n);let r=e.get(`code`);if(!t||!r||e.get(`state`)!==t.state)throw Error(`This sign-in was not begun in this tab. Please sign in again.`);let i=await wt({grant_type:`authorization_code`,code:r,redirect_uri:location.origin+_t,code_verifier:t.verifier});if(!i)throw Error(`Cognito refused this sign-in. Please sign in again.`);return Q(i),t.returnTo}function Ct(e){return wt({grant_type:`refresh_token`,refresh_token:e})}async function wt(e){let t=await fetch(bt(`/oauth2/token`),{method:`POST`,body:new URLSearchParams({...e,client_id:X.cognito.clientId})});if(t.status===400||t.status===401)return null;if(!t.ok)throw Error(`Cognito answered ${t.status}. Please sign in again.`);let n=await t.json();return{token:n.id_token,refreshToken:n.refresh_token??e.refresh_token}}function Tt(){return bt(`/logout?`+new URLSearchParams({client_id:X.cognito.clientId,logout_uri:location.origin+`/`}))}var Et=null;async function Dt(){let e=Z.value;return e?e.refreshToken&&!mt(e.token)?kt(e.refreshToken):e.token:null}async function Ot(e){let t=Z.value;return!t||t.token!==e?Dt():t.refreshToken?kt(t.refreshToken):(Q(null),null)}function kt(e){return Et??=Ct(e).then(e=>(Z.value&&Q(e),Z.value?.token??null)).finally(()=>Et=null),Et}function At(){Q(null),location.assign(X.cognito?Tt():`/`)}function jt(e){return e===null?null:Number(e)}var Mt=15;function Nt(e){return/[\d.]{16}/.test(e)?JSON.parse(e,Pt):JSON.parse(e)}function Pt(e,t,n){let r=n?.source;return typeof t!=`number`||!r||r.length<=Mt||String(t)===r?t:r}function Ft(e,t){return JSON.stringify({query:e.toString(),variables:t})}function It(e,t,n=`application/json`,r){return fetch(`/graphql`,{method:`POST`,headers:{"Content-Type":`application/json`,Accept:n,...t&&{Authorization:`Bearer ${t}`}},body:e,signal:r})}function Lt(e,t){let n=window.mykpiEarly,r=n?.token===t?n?.answers[e]:void 0;return r?(delete n.answers[e],r):It(e,t)}var Rt=class extends Error{code;field;constructor(e,t,n){super(e),this.code=t,this.field=n}};async function zt(e,t){let n=Ft(e,t),r,i;try{let e=await Dt();r=await Lt(n,e);let t=r.status===401&&e?await Ot(e):null;t&&(r=await Lt(n,t)),i=Nt(await r.text())}catch{throw new Rt(`The server can’t be reached. Nothing was changed; please try again.`,`UNAVAILABLE`)}let a=i.errors?.[0];if(a)throw new Rt(a.message,a.extensions?.code??`INTERNAL`,a.extensions?.field);if(!i.data)throw new Rt(`The server answered ${r.status}.`,`INTERNAL`);return i.data}function Bt(e){return e instanceof Error?e.message:String(e)}var $=class extends String{__apiType;value;__meta__;constructor(e,t){super(e),this.value=e,this.__meta__=t}toString(){return this.value}},Vt=new $(`
    query ApiKeys {
  apiKeys {
    ...Key
  }
}
    fragment Key on ApiKey {
  id
  name
  prefix
  permissions
  createdAt
  expiresAt
  lastUsedAt
  revokedAt
}`),Ht=new $(`
    mutation CreateApiKey($input: CreateApiKeyInput!) {
  createApiKey(input: $input) {
    apiKey {
      ...Key
    }
    secret
  }
}
    fragment Key on ApiKey {
  id
  name
  prefix
  permissions
  createdAt
  expiresAt
  lastUsedAt
  revokedAt
}`),Ut=new $(`
    mutation RevokeApiKey($input: RevokeApiKeyInput!) {
  revokeApiKey(input: $input) {
    apiKey {
      ...Key
    }
  }
}
    fragment Key on ApiKey {
  id
  name
  prefix
  permissions
  createdAt
  expiresAt
  lastUsedAt
  revokedAt
}`),Wt=new $(`
    query Members {
  members {
    ...Person
  }
}
    fragment Person on Member {
  id
  email
  role
  status
  invitedAt
  joinedAt
}`),Gt=new $(`
    mutation InviteMember($input: InviteMemberInput!) {
  inviteMember(input: $input) {
    member {
      ...Person
    }
  }
}
    fragment Person on Member {
  id
  email
  role
  status
  invitedAt
  joinedAt
}`),Kt=new $(`
    mutation ChangeMemberRole($input: ChangeMemberRoleInput!) {
  changeMemberRole(input: $input) {
    member {
      ...Person
    }
  }
}
    fragment Person on Member {
  id
  email
  role
  status
  invitedAt
  joinedAt
}`),qt=new $(`
    mutation RemoveMember($input: RemoveMemberInput!) {
  removeMember(input: $input) {
    member {
      ...Person
    }
  }
}
    fragment Person on Member {
  id
  email
  role
  status
  invitedAt
  joinedAt
}`),Jt=new $(`
    query Usage {
  tenant {
    usage {
      charts
      chartLimit
      pointsToday
      pointsPerDayLimit
      sockets
      socketLimit
    }
  }
}
    `),Yt=new $(`
    query Deliveries($after: Cursor) {
  ingestions(first: 25, after: $after) {
    nodes {
      ...Delivery
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment Delivery on Ingestion {
  id
  source
  actor {
    kind
    label
  }
  at
  status
  charts {
    key
    name
  }
  recorded
  corrected
  unchanged
  rejected
}`),Xt=new $(`
    mutation UndoDelivery($input: UndoIngestionInput!) {
  undoIngestion(input: $input) {
    removed
    restored
    kept
  }
}
    `),Zt=new $(`
    mutation RedoDelivery($input: RedoIngestionInput!) {
  redoIngestion(input: $input) {
    recorded
    corrected
    kept
  }
}
    `),Qt=new $(`
    query Refused($after: Cursor) {
  rejectedPoints(first: 25, after: $after) {
    nodes {
      id
      chartKey
      code
      message
      raw
      source
      receivedAt
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `),$t=new $(`
    mutation Replay($input: ReplayRejectedPointsInput!) {
  replayRejectedPoints(input: $input) {
    recorded
    corrected
    unchanged
    rejected {
      code
      message
    }
  }
}
    `),en=new $(`
    query Me {
  version
  viewer {
    subject
    email
    role
    permissions
    tenant {
      id
      name
      timeZone
      weekStart
    }
  }
}
    `),tn=new $(`
    query Version {
  version
}
    `),nn=new $(`
    query Board($after: Cursor) {
  charts(first: 40, after: $after) {
    nodes {
      ...Card
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment Settings on Chart {
  id
  key
  name
  description
  visualization
  aggregation
  unit {
    kind
    currency
    decimals
    suffix
  }
  target
  direction
  staleAfter
  status
  version
  updatedAt
}
fragment Figures on Kpi {
  value
  previousValue
  change
  changePercent
  sentiment
  targetProgress
  status
  asOf
}
fragment Buckets on Trend {
  from
  to
  granularity
  timeZone
  buckets {
    start
    end
    value
    count
    complete
  }
}
fragment Card on Chart {
  ...Settings
  kpi {
    ...Figures
  }
  trend {
    ...Buckets
  }
}`),rn=new $(`
    query Archived($after: Cursor) {
  charts(first: 40, after: $after, status: ARCHIVED) {
    nodes {
      ...Settings
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    fragment Settings on Chart {
  id
  key
  name
  description
  visualization
  aggregation
  unit {
    kind
    currency
    decimals
    suffix
  }
  target
  direction
  staleAfter
  status
  version
  updatedAt
}`),an=new $(`
    query ChartView($key: String!, $period: Period!, $granularity: Granularity) {
  chart(by: {key: $key}) {
    ...Settings
    kpi(period: $period) {
      ...Figures
    }
    trend(period: $period, granularity: $granularity) {
      ...Buckets
    }
  }
}
    fragment Settings on Chart {
  id
  key
  name
  description
  visualization
  aggregation
  unit {
    kind
    currency
    decimals
    suffix
  }
  target
  direction
  staleAfter
  status
  version
  updatedAt
}
fragment Figures on Kpi {
  value
  previousValue
  change
  changePercent
  sentiment
  targetProgress
  status
  asOf
}
fragment Buckets on Trend {
  from
  to
  granularity
  timeZone
  buckets {
    start
    end
    value
    count
    complete
  }
}`),on=new $(`
    query Ghost($key: String!, $from: DateTime!, $to: DateTime!, $granularity: Granularity!) {
  chart(by: {key: $key}) {
    trend(from: $from, to: $to, granularity: $granularity) {
      buckets {
        start
        value
      }
    }
  }
}
    `),sn=new $(`
    query Points($key: String!, $from: DateTime!, $to: DateTime!, $first: Int!, $after: Cursor) {
  chart(by: {key: $key}) {
    points(first: $first, from: $from, to: $to, after: $after) {
      nodes {
        key
        at
        value
        source
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `),cn=new $(`
    query History($key: String!, $after: Cursor) {
  chart(by: {key: $key}) {
    history(first: 20, after: $after) {
      nodes {
        id
        type
        version
        occurredAt
        actor {
          kind
          id
          label
        }
        summary
        data
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `),ln=new $(`
    query SettingsOf($key: String!) {
  chart(by: {key: $key}) {
    ...Card
  }
}
    fragment Settings on Chart {
  id
  key
  name
  description
  visualization
  aggregation
  unit {
    kind
    currency
    decimals
    suffix
  }
  target
  direction
  staleAfter
  status
  version
  updatedAt
}
fragment Figures on Kpi {
  value
  previousValue
  change
  changePercent
  sentiment
  targetProgress
  status
  asOf
}
fragment Buckets on Trend {
  from
  to
  granularity
  timeZone
  buckets {
    start
    end
    value
    count
    complete
  }
}
fragment Card on Chart {
  ...Settings
  kpi {
    ...Figures
  }
  trend {
    ...Buckets
  }
}`),un=new $(`
    mutation CreateChart($input: CreateChartInput!) {
  createChart(input: $input) {
    chart {
      ...Card
    }
  }
}
    fragment Settings on Chart {
  id
  key
  name
  description
  visualization
  aggregation
  unit {
    kind
    currency
    decimals
    suffix
  }
  target
  direction
  staleAfter
  status
  version
  updatedAt
}
fragment Figures on Kpi {
  value
  previousValue
  change
  changePercent
  sentiment
  targetProgress
  status
  asOf
}
fragment Buckets on Trend {
  from
  to
  granularity
  timeZone
  buckets {
    start
    end
    value
    count
    complete
  }
}
fragment Card on Chart {
  ...Settings
  kpi {
    ...Figures
  }
  trend {
    ...Buckets
  }
}`),dn=new $(`
    mutation UpdateChart($input: UpdateChartInput!) {
  updateChart(input: $input) {
    chart {
      ...Card
    }
  }
}
    fragment Settings on Chart {
  id
  key
  name
  description
  visualization
  aggregation
  unit {
    kind
    currency
    decimals
    suffix
  }
  target
  direction
  staleAfter
  status
  version
  updatedAt
}
fragment Figures on Kpi {
  value
  previousValue
  change
  changePercent
  sentiment
  targetProgress
  status
  asOf
}
fragment Buckets on Trend {
  from
  to
  granularity
  timeZone
  buckets {
    start
    end
    value
    count
    complete
  }
}
fragment Card on Chart {
  ...Settings
  kpi {
    ...Figures
  }
  trend {
    ...Buckets
  }
}`),fn=new $(`
    mutation ArchiveChart($input: ArchiveChartInput!) {
  archiveChart(input: $input) {
    chart {
      ...Card
    }
  }
}
    fragment Settings on Chart {
  id
  key
  name
  description
  visualization
  aggregation
  unit {
    kind
    currency
    decimals
    suffix
  }
  target
  direction
  staleAfter
  status
  version
  updatedAt
}
fragment Figures on Kpi {
  value
  previousValue
  change
  changePercent
  sentiment
  targetProgress
  status
  asOf
}
fragment Buckets on Trend {
  from
  to
  granularity
  timeZone
  buckets {
    start
    end
    value
    count
    complete
  }
}
fragment Card on Chart {
  ...Settings
  kpi {
    ...Figures
  }
  trend {
    ...Buckets
  }
}`),pn=new $(`
    mutation RestoreChart($input: RestoreChartInput!) {
  restoreChart(input: $input) {
    chart {
      ...Card
    }
  }
}
    fragment Settings on Chart {
  id
  key
  name
  description
  visualization
  aggregation
  unit {
    kind
    currency
    decimals
    suffix
  }
  target
  direction
  staleAfter
  status
  version
  updatedAt
}
fragment Figures on Kpi {
  value
  previousValue
  change
  changePercent
  sentiment
  targetProgress
  status
  asOf
}
fragment Buckets on Trend {
  from
  to
  granularity
  timeZone
  buckets {
    start
    end
    value
    count
    complete
  }
}
fragment Card on Chart {
  ...Settings
  kpi {
    ...Figures
  }
  trend {
    ...Buckets
  }
}`),mn=new $(`
    mutation RecordValue($input: RecordDataPointsInput!) {
  recordDataPoints(input: $input) {
    chart {
      ...Card
    }
    recorded
    corrected
    unchanged
    rejected {
      code
      message
    }
  }
}
    fragment Settings on Chart {
  id
  key
  name
  description
  visualization
  aggregation
  unit {
    kind
    currency
    decimals
    suffix
  }
  target
  direction
  staleAfter
  status
  version
  updatedAt
}
fragment Figures on Kpi {
  value
  previousValue
  change
  changePercent
  sentiment
  targetProgress
  status
  asOf
}
fragment Buckets on Trend {
  from
  to
  granularity
  timeZone
  buckets {
    start
    end
    value
    count
    complete
  }
}
fragment Card on Chart {
  ...Settings
  kpi {
    ...Figures
  }
  trend {
    ...Buckets
  }
}`),hn=new $(`
    mutation RemovePoints($input: RemoveDataPointsInput!) {
  removeDataPoints(input: $input) {
    chart {
      ...Card
    }
    removed
  }
}
    fragment Settings on Chart {
  id
  key
  name
  description
  visualization
  aggregation
  unit {
    kind
    currency
    decimals
    suffix
  }
  target
  direction
  staleAfter
  status
  version
  updatedAt
}
fragment Figures on Kpi {
  value
  previousValue
  change
  changePercent
  sentiment
  targetProgress
  status
  asOf
}
fragment Buckets on Trend {
  from
  to
  granularity
  timeZone
  buckets {
    start
    end
    value
    count
    complete
  }
}
fragment Card on Chart {
  ...Settings
  kpi {
    ...Figures
  }
  trend {
    ...Buckets
  }
}`),gn=new $(`
    mutation UpdateTenant($input: UpdateTenantInput!) {
  updateTenant(input: $input) {
    tenant {
      id
      name
      timeZone
      weekStart
    }
  }
}
    `),_n=new $(`
    subscription KpiUpdated($after: Cursor) {
  kpiUpdated(after: $after) {
    chart {
      ...Card
    }
    cause
    cursor
  }
}
    fragment Settings on Chart {
  id
  key
  name
  description
  visualization
  aggregation
  unit {
    kind
    currency
    decimals
    suffix
  }
  target
  direction
  staleAfter
  status
  version
  updatedAt
}
fragment Figures on Kpi {
  value
  previousValue
  change
  changePercent
  sentiment
  targetProgress
  status
  asOf
}
fragment Buckets on Trend {
  from
  to
  granularity
  timeZone
  buckets {
    start
    end
    value
    count
    complete
  }
}
fragment Card on Chart {
  ...Settings
  kpi {
    ...Figures
  }
  trend {
    ...Buckets
  }
}`),vn=W(null);async function yn(){vn.value=(await zt(en,{})).viewer}function bn(e){return vn.value?.permissions.includes(e)??!1}var xn=Symbol.for(`pv`),Sn=0;Array.isArray;function Cn(t,n,r,i,a,o){n||={};var s,c,l=n;if(`ref`in l&&typeof t!=`function`)for(c in l={},n)c==`ref`?s=n[c]:l[c]=n[c];var u={type:t,props:l,key:r,ref:s,__k:null,__:null,__b:0,__e:null,__c:null,constructor:xn,__v:--Sn,__i:-1,__u:0};return(a||o)&&(u.__source=a,u.__self=o),e.vnode&&e.vnode(u),u}var wn={up:`M12 19V5m-6 6 6-6 6 6`,down:`M12 5v14m-6-6 6 6 6-6`,flat:`M5 12h14`,good:`M5 12.5l4.5 4.5L19 7.5`,bad:`M12 4v9m0 6.500v.01`,clock:`M12 7v5l3 2M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0z`,plus:`M12 5v14M5 12h14`,edit:`M4 20l1-4L16.5 4.5a2.1 2.1 0 0 1 3 3L8 19l-4 1z`,archive:`M4 8h16M5 8v11h14V8M3 4h18v4H3zM10 12h4`,restore:`M4 4v6h6M4.6 15a8 8 0 1 0 .9-7.5L4 10`,grip:`M9 6v.01M15 6v.01M9 12v.01M15 12v.01M9 18v.01M15 18v.01`,tv:`M3 5h18v12H3zM8 21h8`,sun:`M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM12 2v2m0 16v2M4.9 4.9l1.4 1.4m11.4 11.4 1.4 1.4M2 12h2m16 0h2M4.9 19.1l1.4-1.4M17.7 6.3l1.4-1.4`,moon:`M20 14.5A8.5 8.5 0 1 1 9.5 4a6.6 6.6 0 0 0 10.5 10.5z`,system:`M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zm0 0v18`,back:`M15 5l-7 7 7 7`,chevron:`M9 5l7 7-7 7`,download:`M12 4v11m-5-5 5 5 5-5M4 20h16`,image:`M3 5h18v14H3zM3 16l5-5 4 4 3-3 6 5M15.5 9v.01`,print:`M7 8V3h10v5M7 17H4V8h16v9h-3M7 14h10v7H7z`,copy:`M9 9h11v11H9zM5 15H4V4h11v1`,settings:`M4 7h10m4 0h2M4 17h2m4 0h10M16 5v4M8 15v4`,out:`M14 4H5v16h9M10 12h11m-4-4 4 4-4 4`,close:`M6 6l12 12M18 6 6 18`,target:`M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0zM16 12a4 4 0 1 1-8 0 4 4 0 0 1 8 0zM12 12v.01`,spark:`M4 16l5-6 4 4 7-9`,undo:`M9 7L4 12l5 5M4 12h11a5 5 0 0 1 0 10h-1`};function Tn({name:e}){return Cn(`svg`,{class:`icon`,viewBox:`0 0 24 24`,"aria-hidden":`true`,children:Cn(`path`,{d:wn[e]})})}export{q as $,Xt as A,Pt as B,Qt as C,pn as D,$t as E,Rt as F,St as G,Dt as H,Bt as I,Z as J,xt as K,zt as L,gn as M,Jt as N,Ut as O,tn as P,Je as Q,It as R,Zt as S,hn as T,At as U,Nt as V,_t as W,X,Q as Y,it as Z,Gt as _,vn as a,Te as at,sn as b,rn as c,an as d,W as et,Ht as f,cn as g,on as h,bn as i,xe as it,dn as j,ln as k,nn as l,Yt as m,Cn as n,Ee as nt,Vt as o,x as ot,un as p,ht as q,yn as r,we as rt,fn as s,F as st,Tn as t,Ce as tt,Kt as u,_n as v,qt as w,mn as x,Wt as y,jt as z};