var e,t,n,r,i,a,o,s,c,l,u,d=Symbol.for(`pv`),f={},p=[],m=/^m(i|n|o|s|text|space)$/,h=Array.isArray,g=p.slice,_=Object.assign;function v(e){e&&e.parentNode&&e.remove()}function y(e,t,n){var r,i,a,o={},s=arguments.length;for(a in t)a==`key`?r=t[a]:a==`ref`&&typeof e!=`function`?i=t[a]:o[a]=t[a];return s>2&&(o.children=s>3?g.call(arguments,2):n),b(e,o,r,i,null)}function b(n,r,i,a,o){var s={type:n,props:r,key:i,ref:a,__k:null,__:null,__b:0,__e:null,__c:null,constructor:d,__v:o||++t,__i:-1,__u:0};return!o&&e.vnode&&e.vnode(s),s}function x(e){return e.children}function S(e,t){this.props=e,this.context=t,this.__g=0}function C(e,t){if(t==null)return e.__&&C(e.__,e.__i+1);for(var n;t<e.__k.length;t++)if((n=e.__k[t])&&n.__e)return n.__e;return typeof e.type!=`function`||e.props.__P?null:C(e)}function w(t){var n,r=t.__v,i=r.__e,a=[],o=[],s=t.__P;s&&((n=_({constructor:d},r)).__v=r.__v+1,e.vnode&&e.vnode(n),re(s,n,r,t.__n,s.namespaceURI,32&r.__u?[i]:null,a,i||C(r),32&r.__u,o),n.__v=r.__v,n.__.__k[n.__i]=n,M(a,n,o),r.__=r.__e=null,n.__e!=i&&T(n))}function T(e){if((e=e.__)&&e.__c&&!e.props.__P)return e.__e=null,e.__k.some(function(t){return t&&(e.__e=t.__e)}),T(e)}function E(t){(8&t.__g||(t.__g|=8,r.push(t),a++))&&i==e.debounceRendering||((i=e.debounceRendering)||queueMicrotask)(D)}function D(){try{for(var e,t=1;r.length;)r.length>t&&r.sort(o),e=r.shift(),t=r.length,8&e.__g&&w(e)}finally{(a=r.length)&&(i||queueMicrotask)(D)}}function ee(e,t,n,r,i,a,o,s,c,l,u){var d,m,h,g,_,v,y=r.__k||p,b=t.length;for(c=O(n,t,y,c,b),d=0;d<b;d++)(h=n.__k[d])!=null&&(m=~h.__i&&y[h.__i]||f,h.__i=d,v=re(e,h,m,i,a,o,s,c,l,u),g=h.__e,(m.ref!=h.ref||8&m.__u)&&(m.ref&&N(m.ref,null,h,m),h.ref&&u.push(h.ref,h.__c||g,h)),_||=g,4&h.__u?(c=k(h,c,e,!m.__v),m.__e&&(m.__e=null)):typeof h.type==`function`&&v!==void 0?c=v:g&&(c=g.nextSibling),h.__u&=-21);return n.__e=_,c}function O(e,t,n,r,i){var a,o,s,c,l,u,f,p,m,g=n.length,_=g,v=0,y=0,S=e.__k=Array(i);for(a=0;a<i;a++)(o=t[a])!=null&&typeof o!=`boolean`&&typeof o!=`function`?(typeof o!=`object`||o.constructor===String?o=S[a]=b(null,o):h(o)?o=S[a]=b(x,{children:o}):o.constructor===d&&o.__b?o=S[a]=b(o.type,o.props,o.key,o.ref,o.__v):S[a]=o,c=a+v,o.__=e,o.__b=e.__b+1,s=null,~(l=o.__i=te(o,n,c,_))&&(_--,(s=n[l])&&(s.__u|=2)),s&&s.__v?(o.__u|=16,l==c-1?v--:l==c+1?v++:l!=c&&(l>c?v--:v++,y=1)):(~l||(i>g?v--:i<g&&v++),typeof o.type!=`function`&&(o.__u|=4))):S[a]=null;if(y){for(u=[],f=[],a=0;a<i;a++)if((o=S[a])&&16&o.__u){for(v=0,p=u.length;v<p;)u[m=v+p>>1]<o.__i?v=m+1:p=m;u[v]=o.__i,f[a]=v+1}for(v=u.length;a--;)f[a]&&(f[a]==v?v--:S[a].__u|=4)}if(_)for(a=0;a<g;a++)!(s=n[a])||2&s.__u||(s.__e==r&&(r=C(s)),se(s,s));return r}function k(e,t,n,r){var i,a,o,s;if(typeof e.type==`function`){if(e.props.__P)return t;if(i=e.__k)for(a=0;a<i.length;a++)i[a]&&(i[a].__=e,t=k(i[a],t,n,!1));return t}for(t&&!t.parentNode&&(t=C(e))&&!t.parentNode&&(t=null),o=e.__e,s=t;s&&s.nodeType==8;)s=s.nextSibling;for(o!=s&&(!r&&n.moveBefore&&o.parentNode?n.moveBefore(o,t):n.insertBefore(o,t||null)),t=o;(t&&=t.nextSibling)&&t.nodeType==8&&!t.data.startsWith(`$s`););return t}function te(e,t,n,r){var i,a=e.key,o=e.type,s=t[n],c=s&&!(2&s.__u);if(s===null&&a==null||c&&a==s.key&&o==s.type)return n;if(r>+!!c){for(i=n-1;i>=0;i--)if((s=t[i])&&!(2&s.__u)&&a==s.key&&o==s.type)return i;for(i=n+1;i<t.length;i++)if((s=t[i])&&!(2&s.__u)&&a==s.key&&o==s.type)return i}return-1}function ne(e,t,n){n??=``,t[0]==`-`?e.setProperty(t,n):e[t]=n}function A(e,t,n,r,i){var a,o;if(t==`style`){if(typeof n==`string`)e.style.cssText=n;else{if(typeof r==`string`&&(e.style.cssText=r=``),r)for(t in r)n&&t in n||ne(e.style,t);if(n)for(t in n)r&&n[t]==r[t]||ne(e.style,t,n[t])}}else if(t[0]==`o`&&t[1]==`n`)typeof n!=`function`&&(n=null),typeof r!=`function`&&(r=null),(e.__e||={})[t]=n,n&&r||(o=u[t]||(u[t]=j(t)),(e.__a||={})[t]=l,a=t!=(t=t.replace(c,`$1`)),(t=t.slice(2))[0]<`a`&&(t=t.toLowerCase()),n?e.addEventListener(t,o,a):e.removeEventListener(t,o,a));else{if(i==`http://www.w3.org/2000/svg`)t=t.replace(/xlink(H|:h)/,`h`).replace(/sName$/,`s`);else if(t!=`width`&&t!=`height`&&t!=`href`&&t!=`list`&&t!=`form`&&t!=`tabIndex`&&t!=`download`&&t!=`rowSpan`&&t!=`colSpan`&&t!=`role`&&t!=`popover`&&t in e)try{e[t]=n??``;return}catch{}if(typeof n==`function`)return;n==null||!1===n&&t[4]!=`-`?e.removeAttribute(t):e.setAttribute(t,t==`popover`&&n==1?``:n)}}function j(t){return function(n){var r=this.__e;if(r){if(r=r[t],n[s]==null)n[s]=l++;else if(n[s]<this.__a[t])return;return r(e.event?e.event(n):n)}}}function re(t,n,r,i,a,o,s,c,l,u){var f,m,g,y,b,w,T,E,D,O,k,te,ne,A,j,re,M,N,P=n.type;if(n.constructor!==d)return null;128&r.__u&&(l=32&r.__u,f=r.__c.__z)&&(n.__u|=l,m=o=[],f.nodeType==8?c=ie(f,o):o.push(f),c=o[0]||c),(f=e.__b)&&f(n);n:if(typeof P==`function`){g=s.length;try{if(E=n.props,D=(f=P.prototype)&&f.render,O=(f=P.contextType)&&i[f.__c],k=f?O?O.props.value:f.__:i,(y=r.__c)?(n.__c=y,2&y.__g&&(y.__g|=1)):(D?n.__c=y=new P(E,k):(n.__c=y=new S(E,k),y.constructor=P,y.render=ce),O&&O.sub(y),y.state||(y.state={}),y.__n=i,y.__g|=8,y.__h=[],y.__k=[]),D&&(y.__s||(y.__s=y.state),P.getDerivedStateFromProps&&(y.__s==y.state&&(y.__s=_({},y.__s)),_(y.__s,P.getDerivedStateFromProps(E,y.__s)))),b=y.props,w=y.state,y.__v=n,r.__c){if(E!==b&&D&&!P.getDerivedStateFromProps&&y.componentWillReceiveProps&&y.componentWillReceiveProps(E,k),n.__v==r.__v&&!(8&y.__g)||!(4&y.__g)&&y.shouldComponentUpdate&&!1===y.shouldComponentUpdate(E,y.__s,k)){n.__v!=r.__v&&(y.props=E,y.state=y.__s,y.__g&=-9),n.__e=r.__e,n.__k=r.__k,n.__k.some(function(e){e&&(e.__=n)}),p.push.apply(y.__h,y.__k),y.__k=[],y.__h.length&&s.push(y),c=C(r);break n}y.componentWillUpdate&&y.componentWillUpdate(E,y.__s,k),D&&y.componentDidUpdate&&y.__h.push(function(){y.componentDidUpdate(b,w,T)})}else D&&!P.getDerivedStateFromProps&&y.componentWillMount&&y.componentWillMount(),D&&y.componentDidMount&&y.__h.push(y.componentDidMount);y.context=k,y.props=E,y.__P=t,y.__g&=-5,te=e.__r,ne=D?25:0;do y.__g&=-9,te&&te(n),f=y.render(y.props,y.state=y.__s,y.context);while(8&y.__g&&++ne<25);D&&(p.push.apply(y.__h,y.__k),y.__k=[]),y.state=y.__s,y.getChildContext&&(i=_({},i,y.getChildContext())),D&&r.__c&&y.getSnapshotBeforeUpdate&&(T=y.getSnapshotBeforeUpdate(b,w)),A=f&&f.type===x&&f.key==null?f.props.children:f,E.__P&&(f=c,a=(t=E.__P).namespaceURI,l=o=null,r.props&&r.props.__P!=t&&(r.__k.some(function(e){e&&se(e,e)}),r.__k=null),c=r.__k?C(r,0):null),c=ee(t,h(A)?A:[A],n,r,i,a,o,s,c,l,u),E.__P&&(n.__e=null,c=f),n.__u&=-161,m&&m.some(v),y.__h.length&&s.push(y),1&y.__g&&(y.__g&=-4)}catch(t){if(s.length=g,n.__v=null,l||o){if(t&&t.then){if(n.__u|=128|l,o){for(~(M=o.indexOf(c||void 0))||(M=o.length);(N=o[M-1])&&N.nodeType==8;)M--;for(;M<o.length;M++)if(N=o[M]){if(o[M]=null,j){if(N==re)break}else{if(N.nodeType!=8)break;N.data.startsWith(`$s`)&&(re=ie(j=N))}}}if(!j){for(;c&&c.nodeType==8&&c.nextSibling;)c=c.nextSibling;j=c}(f=ie(j=n.__c.__z||(n.__c.__z=j)))?(n.__e=j,c=f):n.__e=c,c&&=c.nextSibling}else o&&o.some(v)}else n.__e=r.__e;n.__k||=r.__k||[],t&&t.then||ae(n),e.__e(t,n,r)}}else c=n.__e=oe(r.__e,n,r,i,a,o,s,l,u,t);return(f=e.diffed)&&f(n),c}function ie(e,t){if(e&&e.nodeType==8&&e.data.startsWith(`$s`))for(var n=1;e=e.nextSibling;){if(e.nodeType==8){if(e.data.startsWith(`$s`))n++;else if(e.data.startsWith(`/$s`)&&!--n)return e}t&&t.push(e)}}function ae(e){e&&(e.__c&&(e.__c.__g|=4),e.__k&&e.__k.some(ae))}function M(t,n,r){for(var i=0;i<r.length;)N(r[i++],r[i++],r[i++]);e.__c&&e.__c(n,t),t.some(function(n){try{t=n.__h,n.__h=[],t.some(function(e){e.call(n)})}catch(t){e.__e(t,n.__v)}})}function oe(t,n,r,i,a,o,s,c,l,u){var d,p,_,y,b,x,S,w,T=r.props||f,E=n.props,D=n.type;if(D==`svg`?a=`http://www.w3.org/2000/svg`:D==`math`?a=`http://www.w3.org/1998/Math/MathML`:a||=`http://www.w3.org/1999/xhtml`,o){for(d=0;d<o.length;d++)if((b=o[d])&&(D?b.localName==D:b.nodeType==3)){t=b,o[d]=null;break}}if(!t){if(w=u.ownerDocument||document,!D)return w.createTextNode(E);t=w.createElementNS(a,D,E.is?E:u),c&&=(e.__m&&e.__m(n,o),!1),o=null}if(D){if(u=D==`template`&&t.content||t,o=D==`textarea`&&E.defaultValue!=null?null:o&&g.call(u.childNodes),!c&&o)for(T={},d=0;d<t.attributes.length;d++)T[(b=t.attributes[d]).name]=b.value;for(d in T)b=T[d],d==`dangerouslySetInnerHTML`?_=b:d==`children`||d in E||d==`value`&&`defaultValue`in E||d==`checked`&&`defaultChecked`in E||A(t,d,null,b,a);for(d in E)b=E[d],d==`children`?y=b:d==`dangerouslySetInnerHTML`?p=b:d==`value`?x=b:d==`checked`?S=b:c&&typeof b!=`function`||T[d]===b||A(t,d,b,T[d],a);p?(c||_&&(p.__html==_.__html||p.__html==t.innerHTML)||(t.innerHTML=p.__html),n.__k=[]):(_&&(t.textContent=``),(D==`foreignObject`||a==`http://www.w3.org/1998/Math/MathML`&&m.test(D))&&(a=`http://www.w3.org/1999/xhtml`),ee(u,h(y)?y:[y],n,r,i,a,o,s,o?o[0]:r.__k&&C(r,0),c,l),o&&o.some(v)),c&&D!=`textarea`||(d=`value`,D==`progress`&&x==null?t.removeAttribute(d):x==null||x===t[d]&&(D!=`progress`||x)||A(t,d,x,T[d],a),d=`checked`,S!=null&&S!=t[d]&&A(t,d,S,T[d],a))}else T===E||c&&t.data==E||(t.data=E);return t}function N(t,n,r,i){try{typeof t==`function`?n?n.__x=t(n)||1:(i&&=i.__c||i.__e)&&(n=i.__x)&&(i.__x=null,typeof n==`function`?n():t(null)):t.current=n}catch(t){e.__e(t,r)}}function se(t,n,r){var i,a,o,s;if(e.unmount&&e.unmount(t),!(i=t.ref)||i.current&&i.current!=t.__e||N(i,null,n,t),i=t.__c){if(i.componentWillUnmount)try{i.componentWillUnmount()}catch(t){e.__e(t,n)}i.__P=i.__n=null}if(i=t.__k)for(s=0;s<i.length;s++)i[s]&&se(i[s],n,typeof t.type!=`function`||r&&!t.props.__P);!r&&(i=t.__c)&&(i=i.__z)&&(a=ie(i,o=[]))&&(i==t.__e&&o.some(v),v(a),v(i)),r||v(t.__e),t.__e=t.__c=t.__=null}function ce(e,t,n){return this.constructor(e,n)}function P(t,n){var r,i,a,o;e.__&&e.__(t,n),n.nodeType==9&&(n=n.documentElement),i=(r=t&&32&t.__u)?null:n.__k,n.__k=b(x,{children:[t]}),a=[],o=[],re(n,n.__k,i||f,f,n.namespaceURI,i?null:n.firstChild?g.call(n.childNodes):null,a,i?i.__e:n.firstChild,r,o),M(a,n.__k,o),n.__k.props.children=null}e={__e:function(e,t,n,r){for(var i,o,s;t=t.__;)if((i=t.__c)&&!(1&i.__g)){i.__g|=4;try{if((s=(o=i.constructor)&&o.getDerivedStateFromError)&&i.setState(o.getDerivedStateFromError(e)),i.componentDidCatch&&(i.componentDidCatch(e,r||{}),s=1),s&&8&i.__g)return void(i.__g|=2)}catch(t){e=t}}throw a=0,e}},t=0,n=function(e){return e!=null&&e.constructor===d},S.prototype.setState=function(e,t){var n=this.__s;n&&n!=this.state||(n=this.__s=_({},this.state)),typeof e==`function`&&(e=e(_({},n),this.props)),e&&(_(n,e),this.__v&&(t&&this.__k.push(t),E(this)))},S.prototype.forceUpdate=function(e){this.__v&&(this.__g|=4,e&&this.__h.push(e),E(this))},S.prototype.render=x,r=[],a=0,o=function(e,t){return e.__v.__b-t.__v.__b},s=Symbol(),c=/(PointerCapture)$|Capture$/i,l=0,u={};var le,F,ue,de,fe=Object.is,pe=0,me=[],he=[],I=e,ge=I.__b,_e=I.__r,ve=I.diffed,ye=I.__c,be=I.unmount,xe=I.__;function Se(e,t){I.__h&&I.__h(F,e,pe||t),pe=0;var n=F.__H||(F.__H={__:[],__h:[]});return e>=n.__.length&&n.__.push({}),n.__[e]}function Ce(e){return pe=1,we(Ie,e)}function we(e,t,n){var r=Se(le++,2);if(r.t=e,!r.__c&&(r.__=[n?n(t):Ie(void 0,t),function(e){var t=(r.__N||r.__)[0],n=r.t(t,e);fe(t,n)||(r.__N=[n,r.__[1]],r.__c.setState({}))}],r.__c=F,!F.__f)){F.__f=!0;var i=F.shouldComponentUpdate;F.shouldComponentUpdate=function(e,t,n){var r=this.__H;if(!r)return!0;var a=!1,o=this.props!=e;if(r.__.some(function(e){e.__N&&(a=!0,fe(e.__[0],e.__N[0])||(o=!0))}),i){var s=i.call(this,e,t,n);return a?s||o:s}return!a||o}}return r.__}function Te(e,t){var n=Se(le++,3);!I.__s&&Fe(n.__H,t)&&(n.__P=!0,n.__=e,n.u=t,F.__H.__h.push(n))}function Ee(e){return pe=5,De(function(){return{current:e}},[])}function De(e,t){var n=Se(le++,7);return Fe(n.__H,t)&&(n.__=e(),n.__H=t),n.__}function Oe(){var e=Se(le++,11);if(!e.__){for(var t=F.__v;!t.__m&&t.__;)t=t.__;var n=t.__m||(t.__m=[0,0]);e.__=`P`+n[0]+`-`+n[1]++}return e.__}function ke(){var e;do{for(;e=he.shift();)try{Ne(e)}catch(t){I.__e(t,{__:(e=e.__P)&&e.__v})}for(;e=me.shift();){var t=e.__H;if(e.__P&&t)try{t.__h.some(Ne),t.__h.some(Pe),t.__h=[]}catch(n){t.__h=[],I.__e(n,e.__v)}}}while(he.length)}I.__b=function(e){F=null,ge&&ge(e)},I.__=function(e,t){e&&t.__k&&t.__k.__m&&(e.__m=t.__k.__m),xe&&xe(e,t)},I.__r=function(e){_e&&_e(e),le=0;var t=(F=e.__c).__H;t&&(ue==F?F.__h=[]:(t.__h.some(Ne),t.__h.some(Pe),le=0),t.__h=[],t.__.some(function(e){e.__N&&(e.__=e.__N),e.u=e.__N=void 0})),ue=F},I.diffed=function(e){ve&&ve(e);var t=e.__c;t&&t.__H&&(t.__H.__h.length&&Me(me.push(t)),t.__H.__.some(function(e){e.u&&(e.__H=e.u)})),ue=F=null},I.__c=function(e,t){t.some(function(e){try{e.__h.some(Ne),e.__h=e.__h.filter(function(e){return!e.__||Pe(e)})}catch(t){e.__h=[function(){throw t}]}}),ye&&ye(e,t)},I.unmount=function(e){be&&be(e);var t,n,r=e.__c;r&&r.__H&&(r.__H.__.some(function(r){try{if(r.__P&&r.__c){if(n===void 0){for(n=e.__;n&&(!n.__c||!n.__c.__P);)n=n.__;n&&=n.__c}r.__P=n,Me(he.push(r))}else Ne(r)}catch(e){t=e}}),r.__H=void 0,t&&I.__e(t,r.__v))};var Ae=typeof requestAnimationFrame==`function`;function je(e){var t,n=function(){clearTimeout(r),Ae&&cancelAnimationFrame(t),setTimeout(e)},r=setTimeout(n,35);Ae&&(t=requestAnimationFrame(n))}function Me(e){e!=1&&de==I.requestAnimationFrame||((de=I.requestAnimationFrame)||je)(ke)}function Ne(e){var t=F,n=e.__c;typeof n==`function`&&(e.__c=void 0,n()),F=t}function Pe(e){var t=F;e.__c=e.__(),F=t}function Fe(e,t){return!e||e.length!=t.length||t.some(function(t,n){return!fe(t,e[n])})}function Ie(e,t){return typeof t==`function`?t(e):t}var Le=Symbol.for(`preact-signals`);function Re(){if(R>1)R--;else{var e,t=!1;for((function(){var e=Ke;for(Ke=void 0;e!==void 0;){var t=e.S;if(t.v===e.v)for(var n=t.t;n!==void 0;n=n.x)n.i===e.i&&(n.i=t.i);e=e.o}})();He!==void 0;){var n=He;for(He=void 0,Ue++;n!==void 0;){var r=n.u;if(n.u=void 0,n.f&=-3,!(8&n.f)&&Ye(n))try{n.c()}catch(n){t||=(e=n,!0)}n=r}}if(Ue=0,R--,t)throw e}}function ze(e){if(R>0)return e();Ge=++We,R++;try{return e()}finally{Re()}}var Be,L=void 0;function Ve(e){var t=L,n=Be;L=void 0,Be=void 0;try{return e()}finally{L=t,Be=n}}var He=void 0,R=0,Ue=0,We=0,Ge=0,Ke=void 0,qe=0;function Je(e){if(L!==void 0){var t=e.n;if(t===void 0||t.t!==L)return t={i:0,S:e,p:L.s,n:void 0,t:L,e:void 0,x:void 0,r:t},L.s!==void 0&&(L.s.n=t),L.s=t,e.n=t,32&L.f&&e.S(t),t;if(t.i===-1)return t.i=0,t.n!==void 0&&(t.n.p=t.p,t.p!==void 0&&(t.p.n=t.n),t.p=L.s,t.n=void 0,L.s.n=t,L.s=t),t}}function z(e,t){this.v=e,this.i=0,this.n=void 0,this.t=void 0,this.l=0,this.W=t?.watched,this.Z=t?.unwatched,this.name=t?.name}z.prototype.brand=Le,z.prototype.h=function(){return!0},z.prototype.S=function(e){var t=this,n=this.t;n!==e&&e.e===void 0&&(e.x=n,this.t=e,n===void 0?Ve(function(){var e;(e=t.W)==null||e.call(t)}):n.e=e)},z.prototype.U=function(e){var t=this;if(this.t!==void 0){var n=e.e,r=e.x;n!==void 0&&(n.x=r,e.e=void 0),r!==void 0&&(r.e=n,e.x=void 0),e===this.t&&(this.t=r,r===void 0&&Ve(function(){var e;(e=t.Z)==null||e.call(t)}))}},z.prototype.subscribe=function(e){var t=this;return H(function(){var n=t.value;Ve(function(){return e(n)})},{name:`sub`})},z.prototype.valueOf=function(){return this.value},z.prototype.toString=function(){return this.value+``},z.prototype.toJSON=function(){return this.value},z.prototype.peek=function(){var e=this;return Ve(function(){return e.value})},Object.defineProperty(z.prototype,"value",{get:function(){var e=Je(this);return e!==void 0&&(e.i=this.i),this.v},set:function(e){if(e!==this.v){if(Ue>100)throw Error(`Cycle detected`);(function(e){R!==0&&Ue===0&&e.l!==Ge&&(e.l=Ge,Ke={S:e,v:e.v,i:e.i,o:Ke})})(this),this.v=e,this.i++,qe++,R++;try{for(var t=this.t;t!==void 0;t=t.x)t.t.N()}finally{Re()}}}});function B(e,t){return new z(e,t)}function Ye(e){for(var t=e.s;t!==void 0;t=t.n)if(t.S.i!==t.i||!t.S.h()||t.S.i!==t.i)return!0;return!1}function Xe(e){for(var t=e.s;t!==void 0;t=t.n){var n=t.S.n;if(n!==void 0&&(t.r=n),t.S.n=t,t.i=-1,t.n===void 0){e.s=t;break}}}function Ze(e){for(var t=e.s,n=void 0;t!==void 0;){var r=t.p;t.i===-1?(t.S.U(t),r!==void 0&&(r.n=t.n),t.n!==void 0&&(t.n.p=r)):n=t,t.S.n=t.r,t.r!==void 0&&(t.r=void 0),t=r}e.s=n}function V(e,t){z.call(this,void 0,t),this.x=e,this.s=void 0,this.g=qe-1,this.f=4}V.prototype=new z,V.prototype.h=function(){if(this.f&=-3,1&this.f)return!1;if((36&this.f)==32||(this.f&=-5,this.g===qe))return!0;if(this.g=qe,this.f|=1,this.i>0&&!Ye(this))return this.f&=-2,!0;var e=L;try{Xe(this),L=this;var t=this.x();(16&this.f||this.v!==t||this.i===0)&&(this.v=t,this.f&=-17,this.i++)}catch(e){this.v=e,this.f|=16,this.i++}return L=e,Ze(this),this.f&=-2,!0},V.prototype.S=function(e){if(this.t===void 0){this.f|=36;for(var t=this.s;t!==void 0;t=t.n)t.S.S(t)}z.prototype.S.call(this,e)},V.prototype.U=function(e){if(this.t!==void 0&&(z.prototype.U.call(this,e),this.t===void 0)){this.f&=-33;for(var t=this.s;t!==void 0;t=t.n)t.S.U(t)}},V.prototype.N=function(){if(!(2&this.f)){this.f|=6;for(var e=this.t;e!==void 0;e=e.x)e.t.N()}},Object.defineProperty(V.prototype,"value",{get:function(){if(1&this.f)throw Error(`Cycle detected`);var e=Je(this);if(this.h(),e!==void 0&&(e.i=this.i),16&this.f)throw this.v;return this.v}});function Qe(e,t){return new V(e,t)}function $e(e){var t=e.j;if(e.j=void 0,typeof t==`function`){R++;var n=L;L=void 0;try{t()}catch(t){throw e.f&=-2,e.f|=8,et(e),t}finally{L=n,Re()}}}function et(e){for(var t=e.s;t!==void 0;t=t.n)t.S.U(t);e.x=void 0,e.s=void 0,$e(e)}function tt(e){if(L!==this)throw Error(`Out-of-order effect`);Ze(this),L=e,this.f&=-2;try{8&this.f&&et(this)}finally{Re()}}function nt(e,t){this.x=e,this.j=void 0,this.s=void 0,this.u=void 0,this.f=32,this.name=t?.name,Be&&Be.push(this)}nt.prototype.c=function(){var e=this.S();try{if(8&this.f||this.x===void 0)return;var t=this.x();typeof t==`function`&&(this.j=t)}finally{e()}},nt.prototype.S=function(){if(1&this.f)throw Error(`Cycle detected`);this.f|=1,this.f&=-9,$e(this),Xe(this),R++;var e=L;return L=this,tt.bind(this,e)},nt.prototype.N=function(){2&this.f||(this.f|=2,this.u=He,He=this)},nt.prototype.d=function(){this.f|=8,1&this.f||et(this)},nt.prototype.dispose=function(){this.d()};function H(e,t){var n=new nt(e,t);try{n.c()}catch(e){throw n.d(),e}var r=n.d.bind(n);return r[Symbol.dispose]=r,r}var rt,it,at=typeof window<`u`&&!!window.__PREACT_SIGNALS_DEVTOOLS__,ot=[];H(function(){rt=this.N})();function st(t,n){e[t]=n.bind(null,e[t]||function(){})}function ct(e){if(it){var t=it;it=void 0,t()}it=e&&e.S()}function lt(e){var t=this,r=e.data,i=U(r);i.name=`ReactiveDom`,i.value=r;var a=De(function(){for(var e=t,r=t.__v;r=r.__;)if(r.__c){r.__c.__$f|=4;break}var a=Qe(function(){var e=i.value.value;return e===0?0:!0===e?``:e||``}),o=Qe(function(){return!Array.isArray(a.value)&&!n(a.value)}),s=H(function(){if(this.N=pt,o.value){var t=a.value;e.__v&&e.__v.__e&&e.__v.__e.nodeType===3&&(e.__v.__e.data=t)}}),c=t.__$u.d;return t.__$u.d=function(){s(),c.call(this)},[o,a]},[]),o=a[0],s=a[1];return o.value?s.peek():s.value}lt.displayName=`ReactiveTextNode`,Object.defineProperties(z.prototype,{constructor:{configurable:!0,value:y(x,null).constructor},type:{configurable:!0,value:lt},props:{configurable:!0,get:function(){var e=this;return{data:{get value(){return e.value}}}}},__b:{configurable:!0,value:1}}),st(`__b`,function(e,t){if(ct(),typeof t.type==`string`){var n,r=t.props;for(var i in r)if(i!==`children`){var a=r[i];a instanceof z&&(n||(t.__np=n={}),n[i]=a,r[i]=a.peek())}}e(t)}),st(`__r`,function(e,t){if(e(t),t.type!==x){ct();var n,r=t.__c;r&&(r.__$f&=-2,(n=r.__$u)===void 0&&(r.__$u=n=function(e,t){var n;return H(function(){n=this},{name:t}),n.c=e,n}(function(e){return function(){var t;at&&((t=this.y)==null||t.call(this)),e.__$f|=1,e.setState({})}}(r),typeof t.type==`function`?t.type.displayName||t.type.name:``))),ct(n)}}),st(`__e`,function(e,t,n,r){ct(),e(t,n,r)}),st(`diffed`,function(e,t){ct();var n;if(typeof t.type==`string`&&(n=t.__e)){var r=t.__np,i=t.props,a=n.U;if(a)for(var o in a){var s=a[o];s===void 0||r&&o in r||(s.d(),a[o]=void 0)}if(r)for(var c in a||(a={},n.U=a),r){var l=a[c],u=r[c];l===void 0?(l=ut(n,c,u,i),a[c]=l):l.o(u,i)}}e(t)});function ut(e,t,n,r){var i=t in e&&e.ownerSVGElement===void 0,a=B(n);return{o:function(e,t){a.value=e,r=t},d:H(function(){this.N=pt;var n=a.value.value;r[t]!==n&&(r[t]=n,i?e[t]=n:n!=null&&(!1!==n||t[4]===`-`)?e.setAttribute(t,n):e.removeAttribute(t))})}}st(`unmount`,function(e,t){if(typeof t.type==`string`){var n=t.__e;if(n){var r=n.U;if(r)for(var i in n.U=void 0,r){var a=r[i];a&&a.d()}}var o=t.__np;if(o){var s=t.props;for(var c in o)s[c]=o[c]}t.__np=void 0}else{var l=t.__c;if(l){l.__$f|=8;var u=l.__$u;u&&(l.__$u=void 0,u.d())}}e(t)}),st(`__h`,function(e,t,n,r){r<3&&(t.__$f|=2),e(t,n,r)}),S.prototype.shouldComponentUpdate=function(e,t){if(this.__R)return!0;var n=this.__$u,r=n&&n.s!==void 0;for(var i in t)return!0;if(this.__f||typeof this.u==`boolean`&&!0===this.u){var a=2&this.__$f;if(!(r||a||4&this.__$f)||1&this.__$f)return!0}else if(!(r||4&this.__$f)||3&this.__$f)return!0;for(var o in e)if(o!==`__source`&&e[o]!==this.props[o])return!0;for(var s in this.props)if(!(s in e))return!0;return!1};function U(e,t){return De(function(){return B(e,t)},[])}var dt=function(e){queueMicrotask(function(){queueMicrotask(e)})};function ft(){ze(function(){for(var e;e=ot.shift();)rt.call(e)})}function pt(){ot.push(this)===1&&(e.requestAnimationFrame||dt)(ft)}var W=JSON.parse(document.querySelector(`meta[name=mykpi-options]`)?.content||`{}`),mt=`mykpi-session`,ht=B(gt());function gt(){try{return JSON.parse(sessionStorage.getItem(mt)??`null`)}catch{return null}}function _t(e){e?sessionStorage.setItem(mt,JSON.stringify(e)):sessionStorage.removeItem(mt),ht.value=e}function vt(e){try{let t=e.split(`.`)[1].replace(/-/g,`+`).replace(/_/g,`/`),{exp:n}=JSON.parse(atob(t));return typeof n==`number`?n*1e3:1/0}catch{return 1/0}}function yt(){let e=new URLSearchParams(location.hash.slice(1)).get(`token`);e&&(history.replaceState(null,``,location.pathname+location.search),_t({token:e}))}var bt=`mykpi-sign-in`,xt=`/signed-in`;function St(){return Ct(crypto.getRandomValues(new Uint8Array(32)))}function Ct(e){return btoa(String.fromCharCode(...e)).replace(/\+/g,`-`).replace(/\//g,`_`).replace(/=+$/,``)}function wt(e){return`https://${W.cognito.domain}${e}`}async function Tt(){let e={state:St(),verifier:St(),returnTo:location.pathname+location.search};sessionStorage.setItem(bt,JSON.stringify(e));let t=await crypto.subtle.digest(`SHA-256`,new TextEncoder().encode(e.verifier)),n=new URLSearchParams({response_type:`code`,client_id:W.cognito.clientId,redirect_uri:location.origin+xt,scope:W.cognito.scopes.join(` `),state:e.state,code_challenge:Ct(new Uint8Array(t)),code_challenge_method:`S256`});location.assign(wt(`/oauth2/authorize?`+n))}async function Et(){let e=new URLSearchParams(location.search),t=JSON.parse(sessionStorage.getItem(bt)??`null`);sessionStorage.removeItem(bt);let n=e.get(`error_description`)??e.get(`error`);if(n)throw Error(n);let r=e.get(`code`);if(!t||!r||e.get(`state`)!==t.state)throw Error(`This sign-in was not begun in this tab. Please sign in again.`);return _t(await Ot({grant_type:`authorization_code`,code:r,redirect_uri:location.origin+xt,code_verifier:t.verifier})),t.returnTo}function Dt(e){return Ot({grant_type:`refresh_token`,refresh_token:e})}async function Ot(e){let t=await fetch(wt(`/oauth2/token`),{method:`POST`,body:new URLSearchParams({...e,client_id:W.cognito.clientId})});if(!t.ok)throw Error(`Cognito answered ${t.status}. Please sign in again.`);let n=await t.json();return{token:n.id_token,refreshToken:n.refresh_token??e.refresh_token}}function kt(){return wt(`/logout?`+new URLSearchParams({client_id:W.cognito.clientId,logout_uri:location.origin+`/`}))}var At=6e4,jt=null;async function Mt(){let e=ht.value;return e?(e.refreshToken&&vt(e.token)-At<Date.now()&&(jt??=Dt(e.refreshToken).then(_t).finally(()=>jt=null),await jt),ht.value?.token??null):null}async function Nt(e){let t=ht.value;if(!t)return!1;if(t.token!==e)return!0;if(t.refreshToken)try{return _t(await Dt(t.refreshToken)),!0}catch{}return _t(null),!1}function Pt(){_t(null),location.assign(W.cognito?kt():`/`)}var Ft=class extends Error{code;field;constructor(e,t,n){super(e),this.code=t,this.field=n}};async function It(e,t){let n=await Mt(),r,i;try{r=await fetch(`/graphql`,{method:`POST`,headers:{"Content-Type":`application/json`,Accept:`application/json`,...n&&{Authorization:`Bearer ${n}`}},body:JSON.stringify({query:e.toString(),variables:t})}),i=await r.json()}catch{throw new Ft(`The server can’t be reached. Nothing was changed; please try again.`,`UNAVAILABLE`)}if(r.status===401&&n&&await Nt(n))return It(e,t);let a=i.errors?.[0];if(a)throw new Ft(a.message,a.extensions?.code??`INTERNAL`,a.extensions?.field);if(!i.data)throw new Ft(`The server answered ${r.status}.`,`INTERNAL`);return i.data}function Lt(e){return e instanceof Error?e.message:String(e)}var G=class extends String{__apiType;value;__meta__;constructor(e,t){super(e),this.value=e,this.__meta__=t}toString(){return this.value}};new G(`
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
    `,{fragmentName:`Settings`}),new G(`
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
    `,{fragmentName:`Figures`}),new G(`
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
    `,{fragmentName:`Buckets`}),new G(`
    fragment Card on Chart {
  ...Settings
  kpi {
    ...Figures
  }
  trend {
    ...Buckets
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
}`,{fragmentName:`Card`});var Rt=new G(`
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
    `);new G(`
    query Version {
  version
}
    `);var zt=new G(`
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
}`);new G(`
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
}`),new G(`
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
}`),new G(`
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
    `),new G(`
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
    `),new G(`
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
    `),new G(`
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
}`),new G(`
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
}`),new G(`
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
}`),new G(`
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
}`),new G(`
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
}`),new G(`
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
}`),new G(`
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
}`),new G(`
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
    `);var Bt=new G(`
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
}`),K=B(null);async function Vt(){K.value=(await It(Rt,{})).viewer}function Ht(e){return K.value?.permissions.includes(e)??!1}var Ut=B([]),Wt=e=>`mykpi-order-${e}`;H(()=>{let e=K.value?.tenant.id;if(e)try{Ut.value=JSON.parse(localStorage.getItem(Wt(e))??`[]`)}catch{Ut.value=[]}});function Gt(e){Ut.value=e;let t=K.value?.tenant.id;t&&localStorage.setItem(Wt(t),JSON.stringify(e))}function Kt(e,t,n){let r=[...e];return r.splice(n,0,...r.splice(t,1)),r}var qt=B(new Map),Jt=B(!1),Yt=Qe(()=>{let e=new Map(Ut.value.map((e,t)=>[e,t]));return[...qt.value.values()].sort((t,n)=>(e.get(t.id)??1/0)-(e.get(n.id)??1/0)||0)});function Xt(e){let t=new Map(qt.value),n=t.get(e.id);n&&n.version>e.version||(e.status===`ARCHIVED`?t.delete(e.id):t.set(e.id,e),qt.value=t)}async function Zt(){let e=new Map,t=null;do{let{charts:n}=await It(zt,{after:t});for(let t of n.nodes){let n=qt.value.get(t.id);e.set(t.id,n&&n.version>t.version?n:t)}t=n.pageInfo.hasNextPage?n.pageInfo.endCursor:null}while(t);qt.value=e,Jt.value=!0}function Qt(){qt.value=new Map,Jt.value=!1}var $t=Symbol.for(`pv`),en=0;Array.isArray;function q(t,n,r,i,a,o){n||={};var s,c,l=n;if(`ref`in l&&typeof t!=`function`)for(c in l={},n)c==`ref`?s=n[c]:l[c]=n[c];var u={type:t,props:l,key:r,ref:s,__k:null,__:null,__b:0,__e:null,__c:null,constructor:$t,__v:--en,__i:-1,__u:0};return(a||o)&&(u.__source=a,u.__self=o),e.vnode&&e.vnode(u),u}function tn(){return q(`p`,{children:`Welcome`})}var nn={up:`M12 19V5m-6 6 6-6 6 6`,down:`M12 5v14m-6-6 6 6 6-6`,flat:`M5 12h14`,good:`M5 12.5l4.5 4.5L19 7.5`,bad:`M12 7v6m0 4v.01`,clock:`M12 7v5l3 2M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0z`,plus:`M12 5v14M5 12h14`,edit:`M4 20l1-4L16.5 4.5a2.1 2.1 0 0 1 3 3L8 19l-4 1z`,archive:`M4 8h16M5 8v11h14V8M3 4h18v4H3zM10 12h4`,restore:`M4 4v6h6M4.6 15a8 8 0 1 0 .9-7.5L4 10`,grip:`M9 6v.01M15 6v.01M9 12v.01M15 12v.01M9 18v.01M15 18v.01`,tv:`M3 5h18v12H3zM8 21h8`,sun:`M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM12 2v2m0 16v2M4.9 4.9l1.4 1.4m11.4 11.4 1.4 1.4M2 12h2m16 0h2M4.9 19.1l1.4-1.4M17.7 6.3l1.4-1.4`,moon:`M20 14.5A8.5 8.5 0 1 1 9.5 4a6.6 6.6 0 0 0 10.5 10.5z`,system:`M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zm0 0v18`,back:`M15 5l-7 7 7 7`,chevron:`M9 5l7 7-7 7`,download:`M12 4v11m-5-5 5 5 5-5M4 20h16`,image:`M3 5h18v14H3zM3 16l5-5 4 4 3-3 6 5M15.5 9v.01`,print:`M7 8V3h10v5M7 17H4V8h16v9h-3M7 14h10v7H7z`,copy:`M9 9h11v11H9zM5 15H4V4h11v1`,settings:`M4 7h10m4 0h2M4 17h2m4 0h10M16 5v4M8 15v4`,out:`M14 4H5v16h9M10 12h11m-4-4 4 4-4 4`,close:`M6 6l12 12M18 6 6 18`,target:`M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0zM16 12a4 4 0 1 1-8 0 4 4 0 0 1 8 0zM12 12v.01`,user:`M16 8a4 4 0 1 1-8 0 4 4 0 0 1 8 0zM4 21c.6-4 3.600-6 8-6s7.400 2 8 6`,key:`M14 10a4.500 4.500 0 1 1-2-3.700L21 6v4h-3v3h-3v-2z`,spark:`M4 16l5-6 4 4 7-9`,undo:`M9 7L4 12l5 5M4 12h11a5 5 0 0 1 0 10h-1`};function J({name:e}){return q(`svg`,{class:`icon`,viewBox:`0 0 24 24`,"aria-hidden":`true`,children:q(`path`,{d:nn[e]})})}var rn=`\xA0`,an=new Map;function Y(e,t,n){let r=(n??``)+JSON.stringify(t),i=an.get(r);return i||an.set(r,i=new Intl.NumberFormat(n,t)),i.format(e)}function on(e,t,n={}){if(e==null)return`–`;let r=sn(e,t,n,n.signed?{signDisplay:`exceptZero`}:{});return t.suffix?r+rn+t.suffix:r}function sn(e,t,n,r){switch(t.kind){case`DURATION`:return un(e,t.decimals,n,r);case`BYTES`:return fn(e,n,r);case`PERCENT`:return Y(e/100,{...r,style:`percent`,...cn(e,t.decimals,n)},n.locale);case`CURRENCY`:return Y(e,{...r,style:`currency`,currency:t.currency??`EUR`,...cn(e,t.decimals,n)},n.locale);case`NUMBER`:return Y(e,{...r,...cn(e,t.decimals,n)},n.locale)}}function cn(e,t,n){let r=Math.abs(e);if(n.short&&r>=1e6)return{notation:`compact`,minimumFractionDigits:0,maximumFractionDigits:2};let i=n.short&&r>=1e4?0:t;return{minimumFractionDigits:i,maximumFractionDigits:i}}var ln=[{unit:`day`,seconds:86400},{unit:`hour`,seconds:3600},{unit:`minute`,seconds:60},{unit:`second`,seconds:1}];function un(e,t,n,r){let i=Math.abs(e),a=(e,t,r={})=>Y(e,{style:`unit`,unit:t,unitDisplay:`short`,maximumFractionDigits:0,...r},n.locale);if(i>0&&i<1)return a(e*1e3,`millisecond`,r);if(i<60)return a(e,`second`,{...r,maximumFractionDigits:t});let o=ln.findIndex(e=>i>=e.seconds),s=ln[o],c=ln[o+1],l=Math.round(i/c.seconds),u=s.seconds/c.seconds,d=Math.floor(l/u)*Math.sign(e),f=l%u;return a(d,s.unit,r)+(f?rn+a(f,c.unit):``)}var dn=[`byte`,`kilobyte`,`megabyte`,`gigabyte`,`terabyte`,`petabyte`];function fn(e,t,n){let r=Math.abs(e),i=r<1?0:Math.min(dn.length-1,Math.floor(Math.log10(r)/3));return Y(e/1e3**i,{...n,style:`unit`,unit:dn[i],unitDisplay:`short`,maximumFractionDigits:i===0?0:1},t.locale)}function pn(e,t){let n=Math.abs(e);return Y(e/100,{style:`percent`,signDisplay:`exceptZero`,maximumFractionDigits:+(n<100)},t)}function mn(e,t){return Y(e,{style:`percent`,maximumFractionDigits:0},t)}var hn={GOOD:`better`,BAD:`worse`,NEUTRAL:``};function gn({kpi:e,unit:t,against:n=`the 7 days before`}){if(e.change===null)return null;let r=e.change>0?`up`:e.change<0?`down`:`flat`,i=e.changePercent===null?on(e.change,t,{short:!0,signed:!0}):pn(e.changePercent);return q(`span`,{class:`change ${e.sentiment.toLowerCase()}`,title:`${on(e.previousValue,t)} in ${n}`,children:[q(J,{name:r}),i,q(`span`,{class:`sr-only`,children:[` `,`against `,n,hn[e.sentiment]&&`: ${hn[e.sentiment]}`]}),e.sentiment!==`NEUTRAL`&&q(`span`,{class:`mark`,children:q(J,{name:e.sentiment===`GOOD`?`good`:`bad`})})]})}var _n=600;function vn({value:e,unit:t,style:n}){let r=yn(e);return q(`span`,{class:`figure`,title:on(e,t),children:[q(`span`,{"aria-hidden":`true`,children:on(r,t,n)}),q(`span`,{class:`sr-only`,children:on(e,t)})]})}function yn(e){let[t,n]=Ce(e),r=Ee(e);return Te(()=>{let t=r.current;if(t===e)return;if(t===null||e===null||matchMedia(`(prefers-reduced-motion: reduce)`).matches||document.hidden){r.current=e,n(e);return}let i=performance.now(),a=requestAnimationFrame(function o(s){let c=Math.min(1,Math.max(0,(s-i)/_n));r.current=c===1?e:t+(e-t)*(1-(1-c)**3),n(r.current),c<1&&(a=requestAnimationFrame(o))});return()=>cancelAnimationFrame(a)},[e]),t}var bn=6e4,xn=60*bn,Sn=24*xn;function Cn(e,t,n){let r=t-new Date(e).getTime();if(r<45e3)return`just now`;let i=new Intl.RelativeTimeFormat(n,{style:`short`,numeric:`always`});return r<50*bn?i.format(-Math.max(1,Math.round(r/bn)),`minute`):r<23*xn?i.format(-Math.max(1,Math.round(r/xn)),`hour`):r<45*Sn?i.format(-Math.max(1,Math.round(r/Sn)),`day`):i.format(-Math.round(r/(30*Sn)),`month`)}function wn(e,t,n){return t-e<12*xn?new Intl.DateTimeFormat(n,{hour:`numeric`,minute:`2-digit`}).format(e):t-e<6.5*Sn?new Intl.DateTimeFormat(n,{weekday:`long`}).format(e):new Intl.DateTimeFormat(n,{day:`numeric`,month:`short`,year:`numeric`}).format(e)}var Tn=B(Date.now());setInterval(()=>Tn.value=Date.now(),1e4);function En({card:e}){let{asOf:t,status:n}=e.kpi;if(t===null)return q(`span`,{class:`freshness`,children:`No data in 7 days`});if(n===`STALE`&&e.staleAfter!==null){let n=new Date(t).getTime()+e.staleAfter*1e3;return q(`span`,{class:`freshness stale`,children:[q(J,{name:`clock`}),`Stale since `,wn(n,Tn.value)]})}return q(`time`,{class:`freshness`,dateTime:t,children:Cn(t,Tn.value)})}var Dn=44,On=Math.PI*Dn,kn=`M6,50 A${Dn},${Dn} 0 0 1 94,50`;function An({progress:e}){return q(`svg`,{class:`gauge`,viewBox:`0 0 100 56`,"aria-hidden":`true`,children:[q(`path`,{class:`gauge-track`,d:kn}),q(`path`,{class:`gauge-value`,d:kn,"stroke-dasharray":`${Math.min(1,Math.max(0,e??0))*On} ${On}`}),q(`text`,{x:`50`,y:`48`,"text-anchor":`middle`,children:e===null?``:mn(e)})]})}var jn=300,Mn=72;function Nn({buckets:e,as:t,fromZero:n}){let r=e.map(e=>e.value).filter(e=>e!==null);if(r.length===0)return q(`div`,{class:`sparkline`});let i=n||t===`BAR`?Math.min(0,...r):Math.min(...r),a=Math.max(...r),o=a-i||1;return q(`svg`,{class:`sparkline`,viewBox:`0 0 ${jn} ${Mn}`,preserveAspectRatio:`none`,"aria-hidden":`true`,children:q(t===`BAR`?Pn:Fn,{buckets:e,y:e=>a===i?Mn/2:66-(e-i)/o*60})})}function Pn({buckets:e,y:t}){let n=jn/e.length,r=Mn;return q(x,{children:e.map((e,i)=>e.value===null?null:q(`rect`,{class:e.complete?`bar`:`bar open`,x:i*n+n*.14,width:n*.72,y:Math.min(t(e.value),70),height:Math.max(2,r-t(e.value)),rx:3},e.start))})}function Fn({buckets:e,y:t}){let n=Oe(),r=jn/Math.max(1,e.length-1),i=e.flatMap((e,n)=>e.value===null?[]:[{x:n*r,y:t(e.value),open:!e.complete}]),a=i[i.length-1],o=i[0],s=a.open&&i.length>1,c=In(s?i.slice(0,-1):i);return q(x,{children:[q(`defs`,{children:q(`linearGradient`,{id:n,x1:`0`,y1:`0`,x2:`0`,y2:`1`,children:[q(`stop`,{class:`fill-top`,offset:`0`}),q(`stop`,{class:`fill-bottom`,offset:`1`})]})}),q(`path`,{fill:`url(#${n})`,d:`${In(i)}L${a.x},${Mn}L${o.x},${Mn}Z`}),q(`path`,{class:`line`,d:c}),s&&q(`path`,{class:`line open`,d:Rn(i)})]})}function In(e){return e.map((t,n)=>{let r=e[n-1];return r?Ln(r,t):`M${t.x},${t.y.toFixed(1)}`}).join(``)}function Ln(e,t){let n=((e.x+t.x)/2).toFixed(1);return`C${n},${e.y.toFixed(1)} ${n},${t.y.toFixed(1)} ${t.x.toFixed(1)},${t.y.toFixed(1)}`}function Rn(e){let[t,n]=e.slice(-2);return`M${t.x.toFixed(1)},${t.y.toFixed(1)}${Ln(t,n)}`}function zn({card:e}){let{target:t,unit:n,kpi:r}=e;if(t===null)return null;let i=r.value!==null&&(e.direction===`DOWN_IS_GOOD`?r.value<=t:r.value>=t),a=r.value===null?``:i?`met`:`missed`,o=Math.min(100,Math.max(0,(r.targetProgress??0)*100));return q(`div`,{class:`target ${a}`,children:[q(`div`,{class:`target-words`,children:[q(`span`,{children:[q(J,{name:i?`good`:`target`}),e.direction===`DOWN_IS_GOOD`?`At most `:`Target `,on(t,n,{short:!0})]}),q(`span`,{children:[a&&q(`span`,{class:`sr-only`,children:i?`On track: `:`Off track: `}),r.targetProgress!==null&&mn(r.targetProgress)]})]}),e.visualization!==`GAUGE`&&q(`svg`,{class:`progress`,viewBox:`0 0 100 4`,preserveAspectRatio:`none`,"aria-hidden":`true`,children:[q(`rect`,{class:`progress-track`,width:`100`,height:`4`}),q(`rect`,{class:`progress-value`,width:o,height:`4`})]})]})}function Bn({card:e,link:t=!0,children:n}){let{kpi:r,visualization:i}=e,a=r.value===null;return q(`article`,{class:`card ${r.status.toLowerCase().replace(`_`,`-`)} ${i.toLowerCase()}`,"aria-label":e.name,"data-key":e.key,children:[q(`header`,{children:[q(`h2`,{children:t?q(`a`,{href:`/charts/${e.key}`,children:e.name}):e.name}),n??q(En,{card:e})]}),a?q(`p`,{class:`waiting`,children:`Waiting for the first number`}):q(x,{children:[q(`div`,{class:`value`,children:[q(vn,{value:r.value,unit:e.unit,style:{short:!0}}),q(gn,{kpi:r,unit:e.unit})]}),q(zn,{card:e}),q(`div`,{class:`shape`,children:[i===`GAUGE`&&q(An,{progress:r.targetProgress}),i!==`GAUGE`&&i!==`NUMBER`&&q(Nn,{buckets:e.trend.buckets,as:i,fromZero:e.aggregation===`SUM`||e.aggregation===`COUNT`})]})]})]})}var Vn={ArrowLeft:-1,ArrowUp:-1,ArrowRight:1,ArrowDown:1,Home:-1/0,End:1/0};function Hn({cards:e}){let t=Ee(null),n=U(null),r=U(``),i=e.map(e=>e.id);function a(t,n){let a=i.indexOf(t),o=Math.max(0,Math.min(i.length-1,n));a<0||o===a||(Gt(Kt(i,a,o)),r.value=`${e[a].name}: place ${o+1} of ${i.length}`)}function o(e){if(!n.value)return;let r=document.elementFromPoint(e.clientX,e.clientY)?.closest(`[data-id]`);r&&t.current?.contains(r)&&r.dataset.id!==n.value&&a(n.value,i.indexOf(r.dataset.id))}return q(x,{children:[q(`p`,{class:`hint`,children:`Drag a card by its handle, or focus the handle and use the arrow keys. The order is kept in this browser.`}),q(`ul`,{class:`cards arranging`,ref:t,onPointerMove:o,onPointerUp:()=>n.value=null,onPointerCancel:()=>n.value=null,children:e.map((t,r)=>q(`li`,{"data-id":t.id,class:n.value===t.id?`dragged`:``,children:q(Bn,{card:t,link:!1,children:q(`button`,{class:`handle`,"aria-label":`Move ${t.name}, place ${r+1} of ${e.length}`,onPointerDown:e=>{e.currentTarget.releasePointerCapture(e.pointerId),n.value=t.id},onKeyDown:e=>{let n=Vn[e.key];if(n===void 0)return;e.preventDefault();let i=e.currentTarget;a(t.id,r+n),requestAnimationFrame(()=>i.focus())},children:q(J,{name:`grip`})})})},t.id))}),q(`p`,{class:`sr-only`,"aria-live":`assertive`,children:r})]})}function Un(){let e=U(!1),t=Yt.value;return Jt.value?t.length===0?q(tn,{}):q(x,{children:[q(`div`,{class:`toolbar`,children:[q(`h1`,{children:`Last 7 days`}),Ht(`EDIT`)&&q(`div`,{class:`actions`,children:[q(`button`,{class:`button`,"aria-pressed":e.value,onClick:()=>e.value=!e.value,children:[q(J,{name:e.value?`good`:`grip`}),e.value?`Done`:`Arrange`]}),q(`a`,{class:`button primary`,href:`/new`,children:[q(J,{name:`plus`}),`New chart`]})]})]}),e.value?q(Hn,{cards:t}):q(`div`,{class:`cards`,children:t.map(e=>q(Bn,{card:e},e.id))})]}):q(Wn,{})}function Wn(){return q(`div`,{class:`cards`,"aria-busy":`true`,"aria-label":`Loading the figures`,children:Array.from({length:6},(e,t)=>q(`div`,{class:`card skeleton`},t))})}var Gn=B(Kn());function Kn(){return{path:location.pathname,query:new URLSearchParams(location.search)}}function qn(e,{replace:t=!1}={}){history[t?`replaceState`:`pushState`](null,``,e),Gn.value=Kn(),window.scrollTo(0,0)}window.addEventListener(`popstate`,()=>Gn.value=Kn()),document.addEventListener(`click`,e=>{let t=e.target instanceof Element?e.target.closest(`a`):null;!t||t.target||t.hasAttribute(`download`)||t.origin!==location.origin||t.hash||e.defaultPrevented||e.button!==0||e.metaKey||e.ctrlKey||e.shiftKey||(e.preventDefault(),qn(t.pathname+t.search))});function Jn(){let e=U(``),t=W.cognito!==void 0&&Gn.value.path===`/signed-in`;return Te(()=>{t&&Et().then(e=>qn(e,{replace:!0}),t=>{e.value=Lt(t),qn(`/`,{replace:!0})})},[]),q(`main`,{class:`door`,children:[q(`img`,{src:`/icon.svg`,alt:``,width:`64`,height:`64`}),q(`h1`,{children:`MyKPI`}),e.value&&q(`p`,{class:`alert`,role:`alert`,children:e}),W.cognito?q(x,{children:[q(`p`,{children:`The figures of your business, live.`}),q(`button`,{class:`button primary`,disabled:t,onClick:()=>Tt().catch(t=>e.value=Lt(t)),children:t?`Signing in…`:`Sign in`})]}):q(x,{children:[q(`p`,{children:`You are signed out. Open a sign-in link: the server’s operator prints one with`}),q(`pre`,{tabIndex:0,children:[`mykpi token --tenant NAME --link `,location.origin]})]})]})}function Yn(e){return typeof e==`object`&&!!e}var Xn=`x-graphql-event-stream-token`;function Zn(e){if(e=e,e!==`next`&&e!==`complete`)throw Error(`Invalid stream event "${e}"`);return e}function Qn(e,t){if(t)try{t=JSON.parse(t)}catch{throw Error(`Invalid stream data`)}if(e===`next`&&!t)throw Error(`Stream data must be an object for "next" events`);return t||null}var $n;(function(e){e[e.NewLine=10]=`NewLine`,e[e.CarriageReturn=13]=`CarriageReturn`,e[e.Space=32]=`Space`,e[e.Colon=58]=`Colon`})($n||={});function er(){let e,t,n,r=!1,i={event:``,data:``},a=[],o=new TextDecoder;return function(s){if(e===void 0)e=s,t=0,n=-1;else{let t=new Uint8Array(e.length+s.length);t.set(e),t.set(s,e.length),e=t}let c=e.length,l=0;for(;t<c;){r&&=(e[t]===$n.NewLine&&(l=++t),!1);let s=-1;for(;t<c&&s===-1;++t)switch(e[t]){case $n.Colon:n===-1&&(n=t-l);break;case $n.CarriageReturn:r=!0;case $n.NewLine:s=t}if(s===-1)break;if(l===s){if(i.event||i.data){if(!i.event)throw Error(`Missing message event`);let e=Zn(i.event),t=Qn(e,i.data);a.push({event:e,data:t}),i={event:``,data:``}}}else if(n>0){let t=e.subarray(l,s),r=o.decode(t.subarray(0,n)),a=n+(t[n+1]===$n.Space?2:1),c=o.decode(t.subarray(a));switch(r){case`event`:i.event=c;break;case`data`:i.data=i.data?i.data+`
`+c:c}}l=t,n=-1}if(l===c){e=void 0;let t=[...a];return a=[],t}l!==0&&(e=e.subarray(l),t-=l)}}function tr(e){let{singleConnection:t=!1,lazy:n=!0,lazyCloseTimeout:r=0,onNonLazyError:i=console.error,generateID:a=function(){return`xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx`.replace(/[xy]/g,e=>{let t=Math.random()*16|0;return(e==`x`?t:t&3|8).toString(16)})},retryAttempts:o=5,retry:s=async function(e){let t=1e3;for(let n=0;n<e;n++)t*=2;await new Promise(e=>setTimeout(e,t+Math.floor(Math.random()*2700+300)))},credentials:c=`same-origin`,referrer:l,referrerPolicy:u,onMessage:d,on:f}=e,p=e.fetchFn||fetch,m=e.abortControllerImpl||AbortController,h=(()=>{let e=!1,t=[];return{get disposed(){return e},onDispose(n){return e?(setTimeout(()=>n(),0),()=>{}):(t.push(n),()=>{t.splice(t.indexOf(n),1)})},dispose(){if(!e){e=!0;for(let e of[...t])e()}}}})(),g,_,v=0,y=null,b=0;async function x(){try{if(h.disposed)throw Error(`Client has been disposed`);return await(_??=(async()=>{var t,n;if(y){if(await s(b),g.signal.aborted)throw Error(`Connection aborted by the client`);b++}(t=f?.connecting)==null||t.call(f,!!y),g=new m;let r=h.onDispose(()=>g.abort());g.signal.addEventListener(`abort`,()=>{r(),_=void 0});let i=e,a=typeof i.url==`function`?await i.url(void 0):i.url;if(g.signal.aborted)throw Error(`Connection aborted by the client`);let o=typeof i.headers==`function`?await i.headers(void 0):i.headers??{};if(g.signal.aborted)throw Error(`Connection aborted by the client`);let v;try{v=await p(a,{signal:g.signal,method:`PUT`,credentials:c,referrer:l,referrerPolicy:u,headers:o})}catch(e){throw new X(e)}if(v.status!==201)throw new X(v);o[Xn]=await v.text();let x=await rr({signal:g.signal,headers:o,credentials:c,referrer:l,referrerPolicy:u,url:a,fetchFn:p,onMessage:e=>{var t;(t=f?.message)==null||t.call(f,e),d?.(e)}});return(n=f?.connected)==null||n.call(f,!!y),x.waitForThrow().catch(()=>_=void 0),x})())}catch(e){throw _=void 0,e}}t&&!n&&(async()=>{for(v++;;)try{let{waitForThrow:e}=await x();await e()}catch(e){if(h.disposed)return;if(!(e instanceof X)||(_=void 0,!o||b>=o))return i?.(e);y=e}})();function S(i,S,C){if(!t){let t=new m,n=h.onDispose(()=>{n(),t.abort()});return(async()=>{var n,r,a,m;let h=null,g=0;for(;;)try{if(h){if(await s(g),t.signal.aborted)throw Error(`Connection aborted by the client`);g++}(n=f?.connecting)==null||n.call(f,!!h),(r=C?.connecting)==null||r.call(C,!!h);let o=e,_=typeof o.url==`function`?await o.url(i):o.url;if(t.signal.aborted)throw Error(`Connection aborted by the client`);let v=typeof o.headers==`function`?await o.headers(i):o.headers??{};if(t.signal.aborted)throw Error(`Connection aborted by the client`);let{getResults:y}=await rr({signal:t.signal,headers:{...v,"content-type":`application/json; charset=utf-8`},credentials:c,referrer:l,referrerPolicy:u,url:_,body:JSON.stringify(i),fetchFn:p,onMessage:e=>{var t,n;(t=f?.message)==null||t.call(f,e),(n=C?.message)==null||n.call(C,e),d?.(e)}});(a=f?.connected)==null||a.call(f,!!h),(m=C?.connected)==null||m.call(C,!!h);for await(let e of y())h=null,g=0,S.next(e);return t.abort()}catch(e){if(t.signal.aborted)return;if(!(e instanceof X)||!o||g>=o)throw e;h=e}})().then(()=>S.complete()).catch(e=>S.error(e)),()=>t.abort()}v++;let w=new m,T=h.onDispose(()=>{T(),w.abort()});return(async()=>{let e=a();i={...i,extensions:{...i.extensions,operationId:e}};let t=null;for(;;){t=null;try{let{url:n,headers:r,getResults:a}=await x(),o;try{o=await p(n,{signal:w.signal,method:`POST`,credentials:c,referrer:l,referrerPolicy:u,headers:{...r,"content-type":`application/json; charset=utf-8`},body:JSON.stringify(i)})}catch(e){throw new X(e)}if(o.status!==202)throw new X(o);t=async()=>{let t;try{let i=new m,a=h.onDispose(()=>{a(),i.abort()});t=await p(n+`?operationId=`+e,{signal:i.signal,method:`DELETE`,credentials:c,referrer:l,referrerPolicy:u,headers:r})}catch(e){throw new X(e)}if(t.status!==200)throw new X(t)};for await(let t of a({signal:w.signal,operationId:e}))y=null,b=0,S.next(t);return t=null,w.abort()}catch(e){if(w.signal.aborted)return await t?.();if(!(e instanceof X)||(n&&(_=void 0),!o||b>=o))throw w.abort(),e;y=e}finally{w.signal.aborted&&--v===0&&(isFinite(r)&&r>0?setTimeout(()=>{v||g.abort()},r):g.abort())}}})().then(()=>S.complete()).catch(e=>S.error(e)),()=>w.abort()}return{subscribe:S,iterate(e,t){let n=[],r={done:!1,error:null,resolve:()=>{}},i=S(e,{next(e){n.push(e),r.resolve()},error(e){r.done=!0,r.error=e,r.resolve()},complete(){r.done=!0,r.resolve()}},t),a=(async function*(){for(;;){for(n.length||await new Promise(e=>r.resolve=e);n.length;)yield n.shift();if(r.error)throw r.error;if(r.done)return}})();return a.throw=async e=>(r.done||(r.done=!0,r.error=e,r.resolve()),{done:!0,value:void 0}),a.return=async()=>(i(),{done:!0,value:void 0}),a},dispose(){h.dispose()}}}var X=class extends Error{constructor(e){let t,n;nr(e)?(n=e,t=`Server responded with `+e.status+`: `+e.statusText):t=e instanceof Error?e.message:String(e),super(t),this.name=this.constructor.name,this.response=n}};function nr(e){return Yn(e)&&typeof e.ok==`boolean`&&typeof e.status==`number`&&typeof e.statusText==`string`}async function rr(e){let{signal:t,url:n,credentials:r,headers:i,body:a,referrer:o,referrerPolicy:s,fetchFn:c,onMessage:l}=e,u={},d={},f;try{f=await c(n,{signal:t,method:a?`POST`:`GET`,credentials:r,referrer:o,referrerPolicy:s,headers:{...i,accept:`text/event-stream`},body:a})}catch(e){throw new X(e)}if(!f.ok)throw new X(f);if(!f.body)throw Error(`Missing response body`);let p=null,m;return(async()=>{var e;try{let t=er();for await(let n of ir(f.body)){if(typeof n==`string`)throw p=Error(`Unexpected string chunk "${n}"`);let r;try{r=t(n)}catch(e){throw p=e}if(r)for(let t of r){try{l?.(t)}catch(e){throw p=e}let n=t.data&&`id`in t.data?t.data.id:``;switch(n in d||(d[n]=[]),t.event){case`next`:n?d[n].push(t.data.payload):d[n].push(t.data);break;case`complete`:d[n].push(`complete`);break;default:throw p=Error(`Unexpected message event "${t.event}"`)}(e=u[n])==null||e.proceed()}}if(Object.keys(u).length)throw Error(`Connection closed while having active streams`)}catch(e){p=!p&&Object.keys(u).length?new X(e):e,m?.(p)}finally{Object.values(u).forEach(({proceed:e})=>e())}})(),{url:n,headers:i,waitForThrow:()=>new Promise((e,t)=>{if(p)return t(p);m=t}),async*getResults(e){let{signal:t,operationId:n=``}=e??{};try{for(;;){for(;d[n]?.length;){let e=d[n].shift();if(e===`complete`)return;yield e}if(p)throw p;if(t?.aborted)throw Error(`Getting results aborted by the client`);await new Promise(e=>{let r=()=>{t?.removeEventListener(`abort`,r),delete u[n],e()};t?.addEventListener(`abort`,r),u[n]={proceed:r}})}}finally{delete d[n]}}}}function ir(e){return typeof Object(e)[Symbol.asyncIterator]==`function`?(e=e,e):(async function*(){let t=e.getReader(),n;do n=await t.read(),n.value!==void 0&&(yield n.value);while(!n.done)})()}function Z(e){return e===null?`null`:Array.isArray(e)?`array`:typeof e}function ar(e){return Z(e)===`object`}function or(e){return Array.isArray(e)&&e.length>0&&e.every(e=>`message`in e)}function sr(e,t){return e.length<124?e:t}var Q=(e=>(e[e.InternalServerError=4500]=`InternalServerError`,e[e.InternalClientError=4005]=`InternalClientError`,e[e.BadRequest=4400]=`BadRequest`,e[e.BadResponse=4004]=`BadResponse`,e[e.Unauthorized=4401]=`Unauthorized`,e[e.Forbidden=4403]=`Forbidden`,e[e.SubprotocolNotAcceptable=4406]=`SubprotocolNotAcceptable`,e[e.ConnectionInitialisationTimeout=4408]=`ConnectionInitialisationTimeout`,e[e.ConnectionAcknowledgementTimeout=4504]=`ConnectionAcknowledgementTimeout`,e[e.SubscriberAlreadyExists=4409]=`SubscriberAlreadyExists`,e[e.TooManyInitialisationRequests=4429]=`TooManyInitialisationRequests`,e))(Q||{}),$=(e=>(e.ConnectionInit=`connection_init`,e.ConnectionAck=`connection_ack`,e.Ping=`ping`,e.Pong=`pong`,e.Subscribe=`subscribe`,e.Next=`next`,e.Error=`error`,e.Complete=`complete`,e))($||{});function cr(e){if(!ar(e))throw Error(`Message is expected to be an object, but got ${Z(e)}`);if(!e.type)throw Error(`Message is missing the 'type' property`);if(typeof e.type!=`string`)throw Error(`Message is expects the 'type' property to be a string, but got ${Z(e.type)}`);switch(e.type){case`connection_init`:case`connection_ack`:case`ping`:case`pong`:if(e.payload!=null&&!ar(e.payload))throw Error(`"${e.type}" message expects the 'payload' property to be an object or nullish or missing, but got "${e.payload}"`);break;case`subscribe`:if(typeof e.id!=`string`)throw Error(`"${e.type}" message expects the 'id' property to be a string, but got ${Z(e.id)}`);if(!e.id)throw Error(`"${e.type}" message requires a non-empty 'id' property`);if(!ar(e.payload))throw Error(`"${e.type}" message expects the 'payload' property to be an object, but got ${Z(e.payload)}`);if(typeof e.payload.query!=`string`)throw Error(`"${e.type}" message payload expects the 'query' property to be a string, but got ${Z(e.payload.query)}`);if(e.payload.variables!=null&&!ar(e.payload.variables))throw Error(`"${e.type}" message payload expects the 'variables' property to be a an object or nullish or missing, but got ${Z(e.payload.variables)}`);if(e.payload.operationName!=null&&Z(e.payload.operationName)!==`string`)throw Error(`"${e.type}" message payload expects the 'operationName' property to be a string or nullish or missing, but got ${Z(e.payload.operationName)}`);if(e.payload.extensions!=null&&!ar(e.payload.extensions))throw Error(`"${e.type}" message payload expects the 'extensions' property to be a an object or nullish or missing, but got ${Z(e.payload.extensions)}`);break;case`next`:if(typeof e.id!=`string`)throw Error(`"${e.type}" message expects the 'id' property to be a string, but got ${Z(e.id)}`);if(!e.id)throw Error(`"${e.type}" message requires a non-empty 'id' property`);if(!ar(e.payload))throw Error(`"${e.type}" message expects the 'payload' property to be an object, but got ${Z(e.payload)}`);break;case`error`:if(typeof e.id!=`string`)throw Error(`"${e.type}" message expects the 'id' property to be a string, but got ${Z(e.id)}`);if(!e.id)throw Error(`"${e.type}" message requires a non-empty 'id' property`);if(!or(e.payload))throw Error(`"${e.type}" message expects the 'payload' property to be an array of GraphQL errors, but got ${JSON.stringify(e.payload)}`);break;case`complete`:if(typeof e.id!=`string`)throw Error(`"${e.type}" message expects the 'id' property to be a string, but got ${Z(e.id)}`);if(!e.id)throw Error(`"${e.type}" message requires a non-empty 'id' property`);break;default:throw Error(`Invalid message 'type' property "${e.type}"`)}return e}function lr(e,t){return cr(typeof e==`string`?JSON.parse(e,t):e)}function ur(e,t){return cr(e),JSON.stringify(e,t)}function dr(e){let{url:t,connectionParams:n,lazy:r=!0,onNonLazyError:i=console.error,lazyCloseTimeout:a=0,keepAlive:o=0,disablePong:s,connectionAckWaitTimeout:c=0,retryAttempts:l=5,retryWait:u=async function(e){let t=2**e;await new Promise(e=>setTimeout(e,t*1e3+Math.floor(Math.random()*2700+300)))},shouldRetry:d=pr,on:f,webSocketImpl:p,generateID:m=function(){return`xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx`.replace(/[xy]/g,e=>{let t=Math.random()*16|0;return(e==`x`?t:t&3|8).toString(16)})},jsonMessageReplacer:h,jsonMessageReviver:g}=e,_;if(p){if(!hr(p))throw Error(`Invalid WebSocket implementation provided`);_=p}else typeof WebSocket<`u`?_=WebSocket:typeof global<`u`?_=global.WebSocket||global.MozWebSocket:typeof window<`u`&&(_=window.WebSocket||window.MozWebSocket);if(!_)throw Error("WebSocket implementation missing; on Node you can `import WebSocket from 'ws';` and pass `webSocketImpl: WebSocket` to `createClient`");let v=_,y=(()=>{let e=(()=>{let e={};return{on(t,n){return e[t]=n,()=>{delete e[t]}},emit(t){`id`in t&&e[t.id]?.(t)}}})(),t={connecting:f?.connecting?[f.connecting]:[],opened:f?.opened?[f.opened]:[],connected:f?.connected?[f.connected]:[],ping:f?.ping?[f.ping]:[],pong:f?.pong?[f.pong]:[],message:f?.message?[e.emit,f.message]:[e.emit],closed:f?.closed?[f.closed]:[],error:f?.error?[f.error]:[]};return{onMessage:e.on,on(e,n){let r=t[e];return r.push(n),()=>{let e=r.indexOf(n);e>-1&&r.splice(e,1)}},emit(e,...n){for(let r of[...t[e]])r(...n)}}})();function b(e){let t=[y.on(`error`,n=>{t.forEach(e=>e()),e(n)}),y.on(`closed`,n=>{t.forEach(e=>e()),e(n)})];return()=>t.forEach(e=>e())}let x,S=0,C,w=!1,T=0,E=!1;async function D(){clearTimeout(C);let[e,r]=await(x??=new Promise((e,r)=>(async()=>{if(w){if(await u(T),!S)return x=void 0,r({code:1e3,reason:`All Subscriptions Gone`});T++}y.emit(`connecting`,w);let i=new v(typeof t==`function`?await t():t,`graphql-transport-ws`),a,l;function d(){isFinite(o)&&o>0&&(clearTimeout(l),l=setTimeout(()=>{i.readyState===v.OPEN&&(i.send(ur({type:$.Ping})),y.emit(`ping`,!1,void 0))},o))}b(e=>{x=void 0,clearTimeout(a),clearTimeout(l),r(e),e instanceof fr&&(i.close(4499,`Terminated`),i.onerror=null,i.onclose=null)}),i.onerror=e=>y.emit(`error`,e),i.onclose=e=>y.emit(`closed`,e),i.onopen=async()=>{try{y.emit(`opened`,i);let e=typeof n==`function`?await n():n;if(i.readyState!==v.OPEN)return;i.send(ur(e?{type:$.ConnectionInit,payload:e}:{type:$.ConnectionInit},h)),isFinite(c)&&c>0&&(a=setTimeout(()=>{i.close(Q.ConnectionAcknowledgementTimeout,`Connection acknowledgement timeout`)},c)),d()}catch(e){y.emit(`error`,e),i.close(Q.InternalClientError,sr(e instanceof Error?e.message:String(e),`Internal client error`))}};let f=!1;i.onmessage=({data:t})=>{try{let n=lr(t,g);if(y.emit(`message`,n),n.type===`ping`||n.type===`pong`){y.emit(n.type,!0,n.payload),n.type===`pong`?d():s||(i.send(ur(n.payload?{type:$.Pong,payload:n.payload}:{type:$.Pong},h)),y.emit(`pong`,!1,n.payload));return}if(f)return;if(n.type!==$.ConnectionAck)throw Error(`First message cannot be of type ${n.type}`);clearTimeout(a),f=!0,y.emit(`connected`,i,n.payload,w),w=!1,T=0;let r=new Promise((e,t)=>b(t));r.catch(()=>{}),e([i,r])}catch(e){i.onmessage=null,y.emit(`error`,e),i.close(Q.BadResponse,sr(e instanceof Error?e.message:String(e),`Bad response`))}}})()));e.readyState===v.CLOSING&&await r;let i=()=>{},l=new Promise(e=>i=e);return[e,i,new Promise((t,n)=>{let i=b(n);e.readyState!==v.OPEN&&r.catch(n),l.then(()=>{if(i(),!S){let t=()=>e.close(1e3,`Normal Closure`);isFinite(a)&&a>0?(clearTimeout(C),C=setTimeout(()=>{!S&&e.readyState===v.OPEN&&t()},a)):t()}t()})})]}function ee(e){if(pr(e)&&(mr(e.code)||[Q.InternalServerError,Q.InternalClientError,Q.BadRequest,Q.BadResponse,Q.Unauthorized,Q.SubprotocolNotAcceptable,Q.SubscriberAlreadyExists,Q.TooManyInitialisationRequests].includes(e.code)))throw e;if(E)return!1;if(pr(e)&&e.code===1e3)return S>0;if(!l||T>=l||!d(e))throw e;return w=!0}r||(async()=>{for(S++;;)try{let[,,e]=await D();await e}catch(e){try{if(!ee(e))return}catch(e){return i?.(e)}}})();function O(e,t){let n=m(e),r=!1,i=!1,a=()=>{S--,r=!0};return(async()=>{for(S++;;)try{let[o,s,c]=await D();if(r)return c.catch(()=>{}),s();let l=y.onMessage(n,e=>{switch(e.type){case $.Next:t.next(e.payload);return;case $.Error:i=!0,r=!0,t.error(e.payload),a();return;case $.Complete:r=!0,a();return}});o.send(ur({id:n,type:$.Subscribe,payload:e},h)),a=()=>{!r&&o.readyState===v.OPEN&&o.send(ur({id:n,type:$.Complete},h)),S--,r=!0,s()},await c.finally(l);return}catch(e){if(!ee(e))return}})().then(()=>{i||t.complete()}).catch(e=>{t.error(e)}),()=>{r||a()}}return{on:y.on,subscribe:O,iterate(e){let t=[],n={done:!1,error:null,resolve:()=>{}},r=O(e,{next(e){t.push(e),n.resolve()},error(e){n.done=!0,n.error=e,n.resolve()},complete(){n.done=!0,n.resolve()}}),i=async function*(){for(;;){for(t.length||await new Promise(e=>n.resolve=e);t.length;)yield t.shift();if(n.error)throw n.error;if(n.done)return}}();return i.throw=async e=>(n.done||(n.done=!0,n.error=e,n.resolve()),{done:!0,value:void 0}),i.return=async()=>(r(),{done:!0,value:void 0}),i},async dispose(){if(E=!0,x){let[e]=await x;e.close(1e3,`Normal Closure`)}},terminate(){x&&y.emit(`closed`,new fr)}}}var fr=class extends Error{name=`TerminatedCloseEvent`;message=`4499: Terminated`;code=4499;reason=`Terminated`;wasClean=!1};function pr(e){return ar(e)&&`code`in e&&`reason`in e}function mr(e){return![1e3,1001,1006,1005,1012,1013,1014].includes(e)&&e>=1e3&&e<=1999}function hr(e){return typeof e==`function`&&`constructor`in e&&`CLOSED`in e&&`CLOSING`in e&&`CONNECTING`in e&&`OPEN`in e}var gr=12e3,_r=5e3;function vr(e,t){return e===`websocket`?br(t):xr(t)}function yr(e){return{query:Bt.toString(),variables:{after:e}}}function br(e){let t,n,r=dr({url:location.origin.replace(/^http/,`ws`)+`/graphql`,retryAttempts:0,keepAlive:gr,connectionParams:async()=>{let e=await Mt();return e?{Authorization:`Bearer ${e}`}:{}},on:{connected:()=>n(),ping:e=>{e||(t=setTimeout(()=>r.terminate(),_r))},pong:e=>{e&&clearTimeout(t)}}});return{async run(t,i){n=t;for await(let{data:t,errors:n}of r.iterate(yr(e))){if(n)throw n[0];t&&i(t.kpiUpdated)}},stop:()=>{clearTimeout(t),r.terminate()}}}function xr(e){let t=tr({url:`/graphql`,retryAttempts:0,headers:async()=>{let e=await Mt();return e?{Authorization:`Bearer ${e}`}:{}}});return{async run(n,r){let i=!1;for await(let{data:a,errors:o}of t.iterate(yr(e))){if(o)throw o[0];i||n(),i=!0,a&&r(a.kpiUpdated)}},stop:()=>t.dispose()}}var Sr=B({state:`connecting`,since:Date.now()}),Cr=500,wr=15e3,Tr=5e3,Er=4*Tr,Dr=null,Or=()=>{},kr=null;async function Ar(){let e=0;kr=null;let t=Pr();for(;ht.value;){Dr=vr(e>0&&e%3==0?`events`:`websocket`,kr);try{await Dr.run(()=>{e=0,Mr(`live`),Zt().catch(()=>Dr?.stop())},e=>{kr=e.cursor,Xt(e.chart)})}catch{kr=e>0?null:kr}if(Dr.stop(),!ht.value)break;Mr(`reconnecting`),await Nr(e++)}t()}function jr(){Dr?.stop(),Or()}function Mr(e){Sr.value.state!==e&&(Sr.value={state:e,since:Date.now()})}function Nr(e){let t=Math.min(wr,Cr*2**e);return new Promise(e=>{let n=setTimeout(e,t*(.5+Math.random()/2));Or=()=>{clearTimeout(n),e()}})}function Pr(){let e=Date.now(),t=setInterval(()=>{let t=Date.now()-e;e=Date.now(),t>Er&&jr()},Tr),n=()=>{document.visibilityState===`visible`&&Or()};return window.addEventListener(`online`,n),document.addEventListener(`visibilitychange`,n),()=>{clearInterval(t),window.removeEventListener(`online`,n),document.removeEventListener(`visibilitychange`,n)}}var Fr=6e4;function Ir(){let{state:e,since:t}=Sr.value,n=e===`reconnecting`&&Tn.value-t>Fr,r=e===`live`?`Live`:e===`connecting`?`Connecting…`:n?`Not live: as of ${wn(t,Tn.value)}`:`Reconnecting…`;return q(`span`,{class:`connection ${n?`stale`:e}`,role:`status`,children:[q(`i`,{"aria-hidden":`true`}),r]})}var Lr=`mykpi-theme`,Rr=localStorage.getItem(Lr),zr=B(Rr===`light`||Rr===`dark`?Rr:`system`);H(()=>{document.documentElement.dataset.theme=zr.value,zr.value===`system`?localStorage.removeItem(Lr):localStorage.setItem(Lr,zr.value)});var Br={system:`light`,light:`dark`,dark:`system`},Vr={system:`system`,light:`sun`,dark:`moon`};function Hr(){let e=zr.value,t=`Theme: ${e}. Change to ${Br[e]}`;return q(`button`,{class:`plain icon-only`,"aria-label":t,title:t,onClick:()=>zr.value=Br[e],children:q(J,{name:Vr[e]})})}function Ur({children:e}){return q(x,{children:[q(`a`,{class:`skip`,href:`#main`,children:`Skip to the figures`}),q(`header`,{class:`top`,children:[q(`a`,{class:`brand`,href:`/`,children:[q(`img`,{src:`/icon.svg`,alt:``,width:`28`,height:`28`}),q(`span`,{children:K.value?.tenant.name??`MyKPI`})]}),q(Ir,{}),q(`nav`,{"aria-label":`Site`,children:[q(`a`,{class:`plain icon-only`,href:`/?tv`,"aria-label":`TV mode`,title:`TV mode`,children:q(J,{name:`tv`})}),q(Hr,{}),Ht(`RECORD`)&&q(`a`,{class:`plain icon-only`,href:`/settings`,"aria-label":`Settings`,title:`Settings`,children:q(J,{name:`settings`})}),q(`button`,{class:`plain icon-only`,"aria-label":`Sign out`,title:`Sign out`,onClick:Pt,children:q(J,{name:`out`})})]})]}),q(`main`,{id:`main`,tabIndex:-1,children:e})]})}var Wr=B(null);function Gr(){let e=Wr.value,t=()=>Wr.value=null;return q(`div`,{class:`toasts`,role:`status`,children:e&&q(`div`,{class:e.failed?`toast failed`:`toast`,children:[q(`span`,{children:e.text}),e.action&&q(`button`,{class:`plain`,onClick:()=>{t(),e.action.run()},children:e.action.label}),q(`button`,{class:`plain icon-only`,"aria-label":`Dismiss`,onClick:t,children:q(J,{name:`close`})})]})})}function Kr(){return ht.value===null?q(Jn,{}):q(qr,{},`in`)}function qr(){let e=U(``),t=U(0);return Te(()=>{let n;return Promise.all([Vt(),Zt()]).then(()=>e.value=``,r=>{if(r instanceof Ft&&r.code===`UNAUTHENTICATED`)return _t(null);e.value=Lt(r),n=setTimeout(()=>t.value++,3e3)}),()=>clearTimeout(n)},[t.value]),Te(()=>(Ar(),()=>{jr(),Qt(),K.value=null}),[]),q(x,{children:[q(Ur,{children:e.value&&!K.value?q(`p`,{class:`alert`,role:`alert`,children:e}):q(Jr,{})}),q(Gr,{})]})}function Jr(){return Gn.value.path,q(Un,{})}yt(),window.addEventListener(`hashchange`,yt),P(q(Kr,{}),document.getElementById(`app`));